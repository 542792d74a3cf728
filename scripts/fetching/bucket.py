"""Reads the export's bucket: what there is, and the bytes of one file.

boto3 signs, pages and asks again; this module bounds how long that takes, and words what is left.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.response import StreamingBody

from fetching.credentials import Access
from fetching.layout import (
    Day,
    RemoteDay,
    RemoteFile,
    Selection,
    checked,
    is_marker,
    is_part,
    sort_into_days,
)
from fetching.s3_problems import UNDERSTOOD, Place, in_words

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT_REGION = "us-east-1"
CONNECT_SECONDS = 10
ATTEMPTS = 5
DATE_LENGTH = len("2020-09-14")

# boto3 warns of what it asks again for, with tracebacks, where nobody has set logging up.
logging.getLogger("botocore").addHandler(logging.NullHandler())


class Listing(NamedTuple):
    """What the bucket has of the wanted days."""

    days: dict[Day, RemoteDay]
    paths: frozenset[str]
    """Every part of these days, also of experiments and events that are not wanted."""


class Bucket:
    """The account's folder of the export, in a bucket."""

    def __init__(self, access: Access, connections: int, read_seconds: float) -> None:
        """Open the bucket; nothing is asked of it yet."""
        self._access = access
        with self._explained(None):
            # AWS's newer tools read the first, and boto3 the second alone.
            region = os.environ.get("AWS_REGION") or access.session.get_config_variable("region")
            self._client = boto3.Session(botocore_session=access.session).client(
                "s3",
                region_name=region or DEFAULT_REGION,
                config=Config(
                    connect_timeout=min(CONNECT_SECONDS, read_seconds),
                    read_timeout=read_seconds,
                    max_pool_connections=connections,
                    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                    user_agent_extra="experiment-metrics",
                ),
            )

    def list_days(self, selection: Selection) -> Listing:
        """List what there is of the wanted days, finished or not."""
        parts: list[RemoteFile] = []
        markers: dict[str, datetime] = {}
        for kind in selection.kinds:
            for entry in self._entries(kind, selection):
                path = checked(entry["Key"].removeprefix(self._access.root), entry["Key"])
                if is_marker(path):
                    markers[path] = entry["LastModified"]
                elif is_part(path):
                    parts.append(
                        RemoteFile(
                            path=path,
                            key=entry["Key"],
                            size=entry["Size"],
                            etag=entry["ETag"].strip('"'),
                            modified_at=entry["LastModified"],
                        )
                    )
        days = sort_into_days(parts, markers, selection)
        return Listing(days, frozenset(part.path for part in parts))

    def _entries(self, kind: str, selection: Selection) -> Iterator[dict[str, Any]]:
        """Give the objects of one kind from the first day to the last, in the order of keys."""
        folder = f"{self._access.root}type={kind}/date="
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._access.bucket, Prefix=folder, StartAfter=f"{folder}{selection.first}"
        )
        last = "" if selection.last is None else str(selection.last)
        with self._explained(None):
            for page in pages:
                for entry in page.get("Contents", []):
                    start = entry["Key"][len(folder) : len(folder) + DATE_LENGTH]
                    if last and start > last:
                        return
                    yield entry

    def open(self, file: RemoteFile, offset: int = 0) -> "Opened":
        """Ask for a file as it was listed, or for the rest of it."""
        rest = {"Range": f"bytes={offset}-"} if offset else {}
        with self._explained(file.key):
            answer = self._client.get_object(
                Bucket=self._access.bucket, Key=file.key, IfMatch=f'"{file.etag}"', **rest
            )
        encryption = str(answer.get("ServerSideEncryption", ""))
        is_plain = not encryption.startswith("aws:") and "SSECustomerAlgorithm" not in answer
        return Opened(answer["Body"], answer.get("ETag", "").strip('"'), is_plain)

    def read(self, file: RemoteFile, body: StreamingBody, size: int) -> bytes:
        """Read on in an opened file; no bytes are its end."""
        with self._explained(file.key):
            return body.read(size)

    @contextmanager
    def _explained(self, key: str | None) -> Iterator[None]:
        """Word what goes wrong, without what boto3 says and holds."""
        try:
            yield
        except UNDERSTOOD as error:
            client = getattr(self, "_client", None)
            place = Place(
                bucket=self._access.bucket,
                prefix=self._access.root,
                key=key,
                endpoint=client.meta.endpoint_url if client else None,
                region=client.meta.region_name if client else None,
            )
            problem = in_words(error, place)
        else:
            return
        # Raised here, it has no context: the cause may hold the request and its signature.
        raise problem


class Opened(NamedTuple):
    """The answer to a request for a file."""

    body: StreamingBody
    etag: str
    is_plain: bool
    """Whether an ETag may be the file's MD5: not where a key encrypts it."""
