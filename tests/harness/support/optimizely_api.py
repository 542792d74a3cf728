"""A small server on loopback that behaves as Optimizely's REST API does, well or badly."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "2:canary-Tz9q3vYd7Wn0"  # noqa: S105 - opens nothing; no output may have it
TOKEN_PART = "canary-Tz9q3vYd7Wn0"  # noqa: S105


@dataclass(frozen=True)
class Answer:
    """One answer of the server."""

    body: Any = b""
    """Bytes as they are; anything else is written as JSON."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before anything is sent."""
    cut: int | None = None
    """How many bytes of the body are sent, of all that are announced."""


@dataclass(frozen=True)
class Request:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]


class FakeOptimizely:
    """The server: what it answers can be set while it runs, and what it was asked can be read."""

    def __init__(self, url: str) -> None:
        """Answer at an address."""
        self.url = url
        self.requests: list[Request] = []
        self._answers: dict[str, list[Answer]] = {}
        self._lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """The environment by which a command asks this server."""
        return {"OPTIMIZELY_API_TOKEN": TOKEN, "OPTIMIZELY_API_URL": self.url}

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.requests]

    def answer(self, path: str, *answers: Answer | Mapping[str, Any]) -> None:
        """Answer a path, its query included, so: the last answer is given ever after."""
        given = [found if isinstance(found, Answer) else Answer(found) for found in answers]
        with self._lock:
            self._answers[path] = given

    def answer_credentials(self, *answers: Answer | Mapping[str, Any]) -> None:
        """Answer who asks for credentials of the export."""
        self.answer("/v2/export/credentials", *answers)

    def answer_experiment(self, experiment: Mapping[str, Any]) -> None:
        """Answer who asks for an experiment, under its id."""
        self.answer(f"/v2/experiments/{experiment['id']}", experiment)

    def take(self, request: Request) -> Answer:
        """Note a request and give its answer."""
        with self._lock:
            self.requests.append(request)
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return problem(401, "Invalid token")
            answers = self._answers.get(request.path)
            if not answers:
                return problem(404, "Not Found")
            return answers.pop(0) if len(answers) > 1 else answers[0]


def problem(status: int, message: str, **headers: str) -> Answer:
    """Give an answer as the API words its problems."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer({"code": str(status), "message": message, "uuid": "0"}, status, names)


def export_credentials(expires_at: datetime, account: str = "1234567890") -> dict[str, Any]:
    """Give credentials of the export as the API does; the time has a zone."""
    return {
        "credentials": {
            "accessKeyId": "ASIATESTING",
            "secretAccessKey": "secret-for-tests",
            "sessionToken": "session-for-tests",
            "expiration": int(expires_at.timestamp() * 1000),
        },
        "s3Path": f"s3://optimizely-events-data/v1/account_id={account}/",
    }


def experiment(
    experiment_id: object, variations: Sequence[Mapping[str, Any]], **more: object
) -> dict[str, Any]:
    """Give an experiment as the API does; more: its key, name, status and dates."""
    return {"id": experiment_id, "variations": list(variations), **more}


@contextlib.contextmanager
def fake_optimizely() -> Iterator[FakeOptimizely]:
    """Serve on a free port of loopback."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = api.take(Request(self.command, self.path, headers))
            closing.wait(answer.delay)
            body = answer.body
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: answer.cut])
            self.close_connection = answer.cut is not None

        do_CONNECT = do_GET  # noqa: N815 - as http.server has it

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that has gone."""

    with Server(("127.0.0.1", 0), Handler) as server:
        api = FakeOptimizely(f"http://127.0.0.1:{server.server_port}")
        serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield api
        finally:
            closing.set()
            server.shutdown()
            serving.join()
