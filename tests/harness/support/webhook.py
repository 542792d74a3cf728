"""A small server on loopback that takes what is posted to it, well or badly."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """The server: how it answers, and what was posted."""

    url: str
    statuses: Sequence[int] = (200,)
    """Of the first answer, the second, …; the last one is given ever after."""
    location: str = ""
    """Where it sends who is redirected."""
    delay: float = 0
    posted: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Path, content type and body of each request."""


@contextlib.contextmanager
def serve_webhook() -> Iterator[Webhook]:
    """Serve on a free port of loopback."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.posted.append((self.path, self.headers["Content-Type"], body))
            closing.wait(hook.delay)
            self.send_response(hook.statuses[min(len(hook.posted), len(hook.statuses)) - 1])
            if hook.location:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - as http.server has it

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that has gone."""

    with Server(("127.0.0.1", 0), Handler) as server:
        hook = Webhook(f"http://127.0.0.1:{server.server_port}")
        serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield hook
        finally:
            closing.set()
            server.shutdown()
            serving.join()
