"""An export in a bucket of moto's S3 server, behind a door that can do what networks and S3 do."""

import http.client
import itertools
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import unquote

import boto3
from moto.server import ThreadedMotoServer

ACCOUNT = "8365421"
ROOT = f"v1/account_id={ACCOUNT}/"
KEY, SECRET, TOKEN = "AKIACANARYKEY0001", "canary/secret+0001", "canarySession0001"
REGION = "us-east-1"
NOT_PASSED_ON = {"connection", "transfer-encoding", "keep-alive"}

# moto's server tells every request.
logging.getLogger("werkzeug").setLevel(logging.ERROR)

_numbers = itertools.count(1)


@dataclass
class Fault:
    """What happens to requests whose decoded path has a text in it."""

    where: str
    times: int = 1
    """To how many of them, from the first on."""
    after: int = 0
    """How many of them are answered before."""
    status: int = 0
    """The answer's status, where S3 refuses."""
    code: str = ""
    message: str = "of the test"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    """After how many bytes of the body the connection breaks."""
    flip: int | None = None
    """Which byte of the body is another than it was."""
    delay: float = 0
    """Seconds before the answer."""
    trickle: float = 0
    """Seconds between pieces of the answer's body."""
    act: Callable[[], object] = field(default=lambda: None)
    """What happens before the request is passed on."""

    def strikes(self, path: str) -> bool:
        """Tell whether a request is struck, and count it."""
        if self.where not in path:
            return False
        self.after, is_early = self.after - 1, self.after > 0
        if is_early or self.times <= 0:
            return False
        self.times -= 1
        return True


@dataclass(frozen=True)
class Request:
    """A request that came to the door; its path is decoded, with the query."""

    method: str
    path: str
    access_key: str
    range: str
    """Which bytes it asks for; empty for all."""


class S3Door:
    """The way to moto's server: it counts requests, and does what it is told to some of them."""

    def __init__(self, url: str, moto_port: int) -> None:
        """Stand at an address."""
        self.url, self.moto_port = url, moto_port
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self._lock = threading.Lock()

    def take(self, request: Request) -> Fault | None:
        """Count a request; give what happens to it."""
        with self._lock:
            self.requests.append(request)
            return next((fault for fault in self.faults if fault.strikes(request.path)), None)

    @property
    def files(self) -> list[str]:
        """Name the files that were asked for, each time that they were."""
        paths = (request.path for request in self.requests if "list-type" not in request.path)
        return [path.partition(ROOT)[2] for path in paths]


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, and the answer back."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        """Pass a request on."""
        door = self.server.door
        key = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
        fault = door.take(
            Request(
                self.command,
                unquote(self.path),
                key[1] if key else "",
                self.headers.get("Range", ""),
            )
        )
        if fault is not None:
            fault.act()
            sleep(fault.delay)
        if fault is not None and fault.status:
            self._refuse(fault)
            return
        moto = http.client.HTTPConnection("127.0.0.1", door.moto_port, timeout=30)
        moto.request(self.command, self.path, headers=dict(self.headers.items()))
        answer = moto.getresponse()
        body = answer.read()
        moto.close()
        self._pass_back(answer.status, answer.getheaders(), body, fault)

    do_HEAD = do_GET  # noqa: N815 - as http.server has it

    def _refuse(self, fault: Fault) -> None:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<Error><Code>{fault.code}</Code><Message>{fault.message}</Message></Error>"
        ).encode()
        self._pass_back(fault.status, list(fault.headers.items()), body, None)

    def _pass_back(
        self, status: int, headers: list[tuple[str, str]], body: bytes, fault: Fault | None
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {*NOT_PASSED_ON, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.flip is not None:
            changed = bytearray(body)
            changed[fault.flip] ^= 1
            body = bytes(changed)
        cut = fault.cut if fault is not None else None
        try:
            self._send(body[:cut], fault.trickle if fault is not None else 0)
        except OSError:
            cut = 0  # the client has gone
        if cut is not None:
            self.close_connection = True

    def _send(self, body: bytes, trickle: float) -> None:
        size = max(len(body) // 50, 1) if trickle else max(len(body), 1)
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            sleep(trickle)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    door: S3Door

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go."""


@contextmanager
def s3_door() -> Iterator[S3Door]:
    """Run moto's S3 server and the door before it, both on loopback."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    server = _Server(("127.0.0.1", 0), _Handler)
    try:
        _, moto_port = moto.get_host_and_port()
        server.door = S3Door(f"http://127.0.0.1:{server.server_port}", moto_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.door
    finally:
        server.shutdown()
        server.server_close()
        moto.stop()


class S3Export:
    """An account's export, in a bucket of its own."""

    def __init__(self, door: S3Door, bucket: str = "") -> None:
        """Make the bucket."""
        self.door, self.bucket = door, bucket or f"export-{next(_numbers)}"
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{door.moto_port}",
            region_name=REGION,
            aws_access_key_id="maker",
            aws_secret_access_key="maker",  # noqa: S106 - moto takes any
        )
        self._client.create_bucket(Bucket=self.bucket)

    @property
    def environment(self) -> dict[str, str]:
        """The environment by which a command reads the bucket."""
        return {
            "AWS_ENDPOINT_URL_S3": self.door.url,
            "OPTIMIZELY_EXPORT_BUCKET": self.bucket,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": TOKEN,
        }

    def put(self, path: str, body: bytes = b"", **options: str) -> None:
        """Write an object of the account."""
        self._client.put_object(Bucket=self.bucket, Key=f"{ROOT}{path}", Body=body, **options)

    def delete(self, path: str) -> None:
        """Remove an object of the account."""
        self._client.delete_object(Bucket=self.bucket, Key=f"{ROOT}{path}")

    def put_day(
        self, kind: str, day: str, parts: dict[str, bytes], *, is_done: bool = True
    ) -> None:
        """Write a day: what is in its folders, and the marker that ends it."""
        for path, body in parts.items():
            self.put(f"type={kind}/date={day}/{path}", body)
        if is_done:
            self.put(f"type={kind}/date={day}/_SUCCESS")
