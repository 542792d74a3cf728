"""An S3 server on loopback, filled from a folder; it can refuse, and go away while it is read."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

BUCKET = "export-bucket"
# The secret has what would break a statement or an address that it is pasted into.
KEY_ID, SECRET = "AKIAQQCANARYQQCANARY", "qq'canary/secret+one=;%20"
REGION = "us-east-1"

Answer = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


NO_OTHER_ACCOUNT = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nowhere/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/credentials",
}
GONE = (0, "")


@dataclass
class S3Server:
    """A running server, as a web application that counts what it is asked."""

    http: BaseWSGIServer
    asked: list[str] = field(default_factory=list)
    """What was asked for, as the method and the path."""
    good_answers: int | None = None
    """How many answers are good; None for all of them."""
    then: tuple[int, str] = GONE
    """The status and code of those that follow; with none, the server goes away."""

    @property
    def endpoint(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self.http.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Give the variables by which AWS's programs find it, and no other account."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
            **NO_OTHER_ACCOUNT,
        }

    def put(self, folder: Path, prefix: str) -> str:
        """Put every file of a folder below a prefix; give its address."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.client().upload_file(str(file), BUCKET, f"{prefix}/{file.relative_to(folder)}")
        return f"s3://{BUCKET}/{prefix}"

    def client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes
        """Give a client of it."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
            region_name=REGION,
        )

    def fail_after(self, answers: int, status: int = 0, code: str = "") -> None:
        """Give so many more good answers; then go away, or answer by an error alone."""
        self.good_answers, self.then = answers, (status, code)

    def answer(
        self, good: Answer, environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as a good server does, as long as that is wanted."""
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.good_answers is None:
            return good(environ, start)
        self.good_answers -= 1
        if self.good_answers >= 0:
            return good(environ, start)
        status, code = self.then
        if self.then == GONE:
            threading.Thread(target=self.stop).start()
            raise ConnectionAbortedError
        start(f"{status} {code}", [("Content-Type", "application/xml")])
        return [f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode()]

    def stop(self) -> None:
        """Go away: whoever connects is refused."""
        self.http.shutdown()
        self.http.server_close()


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Run a server with an empty bucket."""
    running: list[S3Server] = []
    good = DomainDispatcherApplication(create_backend_app)
    http = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: running[0].answer(good, environ, start),
        threaded=True,
        request_handler=_Silent,
    )
    server = S3Server(http)
    running.append(server)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        server.client().create_bucket(Bucket=BUCKET)
        yield server
    finally:
        server.stop()
        thread.join()


class _Silent(WSGIRequestHandler):
    """A handler of requests that says nothing."""

    def log(self, *_: object) -> None:
        """Say nothing."""
