"""Sends notices to a file or a web address, where somebody asks for them; by default to nobody.

The address of a webhook is a secret, since whoever has it may post: of one only the host is ever
printed. A notice that can't be delivered is a warning, and changes nothing of what it tells.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.util import Url, parse_url

from pipeline.cli import as_json_text, warn
from pipeline.disk import sync
from pipeline.errors import PipelineError, UsageError, one_line
from pipeline.http_pool import Patience, patient_pool
from pipeline.notice import Notice
from pipeline.settings import ADDRESS

OPTION, VARIABLE = "--notify", "NOTIFY"
NAMES = f"{OPTION} or {VARIABLE}"
FORMATS = ("json", "slack")
PATIENCE = Patience(attempts=3, connect_seconds=5, read_seconds=10, longest_wait=10)
SUCCESSES = range(200, 300)
REDIRECTS = range(300, 400)


def notify_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which it is told whom to notify."""
    target = click.option(
        OPTION,
        metavar="FILE|URL",
        envvar=VARIABLE,
        help="Tell verdicts and failing checks to this file or webhook, too. NOTIFY is the same:"
        " use it for an address, which is a secret. See docs/notifications.md.",
    )
    form = click.option(
        "--notify-format",
        type=click.Choice(FORMATS),
        envvar="NOTIFY_FORMAT",
        default="json",
        help="What is written or posted; NOTIFY_FORMAT is the same.",
    )
    return target(form(command))


@dataclass(frozen=True)
class Notifier:
    """Delivers notices to one place, or to none."""

    file: Path | None = None
    url: Url | None = None
    form: str = "json"
    patience: Patience | None = None

    def __repr__(self) -> str:
        """Name nothing of the address but its host."""
        return f"{type(self).__name__}({self._place})"

    def tell(self, notice: Notice) -> list[str]:
        """Deliver a notice; where that fails, give a warning that says so."""
        document = notice.slack() if self.form == "slack" else notice.document()
        try:
            if self.file is not None:
                _write(as_json_text(document), self.file)
            elif self.url is not None:
                self._post(json.loads(as_json_text(document)))
        except (OSError, PipelineError) as error:
            return [f"nobody was notified: {one_line(str(error))}"]
        return []

    @property
    def is_anybody(self) -> bool:
        """Tell whether there is anybody to notify."""
        return self.file is not None or self.url is not None

    @property
    def _place(self) -> str:
        return f"{self.url.host}" if self.url else f"{self.file}"

    def _post(self, document: dict[str, Any]) -> None:
        if self.url is None:
            return
        try:
            with _without_logs():
                # A redirect isn't followed: the notice is for this host.
                answer = patient_pool(self.url, self.patience or PATIENCE, "POST").request(
                    "POST", self.url.url, json=document, redirect=False
                )
        except HTTPError:
            # What urllib3 says holds the address.
            message = f"{self._place} can't be reached, or doesn't answer. Check the network."
        else:
            if answer.status in SUCCESSES:
                return
            message = f"{self._place} answers {answer.status}"
            if answer.status in REDIRECTS:
                message += ": it sends the notice elsewhere, where it must not go"
            message += "."
        raise PipelineError(message)


def read_notifier(target: str | None, form: str) -> Notifier:
    """Check where notices are to go; an address is not repeated."""
    if not target:
        return Notifier()
    if ADDRESS.match(target):
        return Notifier(url=_checked_address(target), form=form)
    file = Path(target).absolute()
    if file.is_dir() or not file.parent.is_dir():
        what = "is a folder" if file.is_dir() else "lies in no folder that there is"
        message = f"{NAMES} {what}. Name a file, or an address that begins with https://."
        raise UsageError(message)
    return Notifier(file=file, form=form)


@contextmanager
def told_of_failure(notifier: Notifier, notice_of: Callable[[Exception], Notice]) -> Iterator[None]:
    """Tell also of a command that ends with an error, in its stead; a person who stops it knows."""
    try:
        yield
    except Exception as error:
        warn(notifier.tell(notice_of(error)))
        raise


def _checked_address(target: str) -> Url:
    try:
        url = parse_url(target)
    except LocationValueError:
        url = Url()
    if not url.host or url.scheme not in {"http", "https"} or url.auth or not target.isprintable():
        message = f"{NAMES} is no address of a webhook. Write it as https://host/path."
        raise UsageError(message)
    return url


def _write(text: str, file: Path) -> None:
    """Write a file whole, or leave what is there."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_text(f"{text}\n", encoding="utf-8")
        sync(new)
        new.replace(file)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


@contextmanager
def _without_logs() -> Iterator[None]:
    """Keep urllib3 from logging addresses to whoever listens."""
    logger = logging.getLogger("urllib3")
    did_propagate, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.propagate = did_propagate
