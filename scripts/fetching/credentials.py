"""Where the export is, and by which keys: of the AWS chain, or Optimizely's temporary ones."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials
from botocore.exceptions import BotoCoreError, NoCredentialsError
from botocore.session import Session
from pipeline.errors import PipelineError, UsageError

from fetching.optimizely_api import TOKEN_VARIABLE, OptimizelyApi, api_from_environment
from fetching.s3_problems import Place, in_words

DEFAULT_BUCKET = "optimizely-events-data"
DEFAULT_PREFIX = "v1/"
CREDENTIALS_PATH = "/v2/export/credentials"
ACCOUNT = re.compile(r"[A-Za-z0-9_-]+")
ACCOUNT_FOLDER = re.compile(r"(.*?)account_id=([A-Za-z0-9_-]+)/?")


@dataclass(frozen=True)
class Source:
    """Where the export is said to be; None where nothing was said."""

    account: str | None = None
    bucket: str | None = None
    prefix: str | None = None


@dataclass(frozen=True)
class Access:
    """Where the export is, and the session that may read it."""

    bucket: str
    root: str
    """The account's folder in the bucket; it ends with a slash."""
    session: Session = field(repr=False)

    @property
    def url(self) -> str:
        """Name the account's folder."""
        return f"s3://{self.bucket}/{self.root}"


class Answer(NamedTuple):
    """What Optimizely says: keys as botocore takes them, and where they lead."""

    keys: dict[str, str]
    bucket: str
    prefix: str
    account: str


def read_access(source: Source) -> Access:
    """Give access by Optimizely's API where its token is set, else by the AWS chain."""
    if os.environ.get(TOKEN_VARIABLE):
        return _by_optimizely(source, api_from_environment())
    return _by_chain(source)


def account_folder(prefix: str, account: str) -> str:
    """Give the account's folder below a prefix."""
    if not ACCOUNT.fullmatch(account):
        message = f"--account is a number such as 8365421; '{account}' is none."
        raise UsageError(message)
    folder = prefix.strip("/")
    return f"{folder}/account_id={account}/" if folder else f"account_id={account}/"


def _by_chain(source: Source) -> Access:
    if source.account is None:
        message = (
            "whose export? Name the account by --account ID, or set OPTIMIZELY_API_TOKEN, which"
            " says it. See scripts/load_export --help."
        )
        raise UsageError(message)
    bucket, prefix = source.bucket or DEFAULT_BUCKET, source.prefix
    root = account_folder(DEFAULT_PREFIX if prefix is None else prefix, source.account)
    session = botocore.session.Session()
    try:
        has_keys = session.get_credentials() is not None
    except BotoCoreError as error:
        problem = in_words(error, Place(bucket, root))
    else:
        if has_keys:
            return Access(bucket, root, session)
        problem = in_words(NoCredentialsError(), Place(bucket, root))
    raise problem


def _by_optimizely(source: Source, api: OptimizelyApi) -> Access:
    def ask() -> Answer:
        return read_answer(api.get(CREDENTIALS_PATH))

    first = ask()
    if source.account not in {None, first.account}:
        message = (
            f"OPTIMIZELY_API_TOKEN is of account {first.account}, and --account says"
            f" {source.account}. Leave --account out, or set the token of that account."
        )
        raise UsageError(message)
    session = botocore.session.Session()
    provider = _OptimizelyKeys(first.keys, lambda: ask().keys)
    session.register_component("credential_provider", CredentialResolver([provider]))
    prefix = first.prefix if source.prefix is None else source.prefix
    return Access(source.bucket or first.bucket, account_folder(prefix, first.account), session)


class _OptimizelyKeys(CredentialProvider):
    """The one place where a session looks for keys; they are asked for anew before they run out."""

    METHOD = CANONICAL_NAME = "optimizely-export-credentials"

    def __init__(self, first: dict[str, str], ask: Callable[[], dict[str, str]]) -> None:
        """Begin with the first keys."""
        super().__init__()
        self._first, self._ask = first, ask

    def load(self) -> RefreshableCredentials:
        """Give the keys, as botocore asks a provider for them."""
        return RefreshableCredentials.create_from_metadata(self._first, self._ask, self.METHOD)


def read_answer(document: dict[str, Any]) -> Answer:
    """Read what the API answers; nothing of it is repeated where it can't be read."""
    try:
        keys = document["credentials"]
        place = urlsplit(document["s3Path"])
        folder = ACCOUNT_FOLDER.fullmatch(place.path.lstrip("/"))
        answer = {
            "access_key": _text(keys["accessKeyId"]),
            "secret_key": _text(keys["secretAccessKey"]),
            "token": _text(keys["sessionToken"]),
            "expiry_time": datetime.fromtimestamp(int(keys["expiration"]) / 1000, UTC).isoformat(),
        }
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        folder, place, answer = None, urlsplit(""), {}
    if folder is None or place.scheme != "s3" or not place.netloc:
        message = (
            "Optimizely's API answers with something else than AWS keys and an s3:// path. Run this"
            " again later, or use AWS keys of your own and --account."
        )
        raise PipelineError(message)
    return Answer(answer, place.netloc, folder[1], folder[2])


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        message = "no text"
        raise TypeError(message)
    return value
