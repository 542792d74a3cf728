"""What the commands share: arguments, exit codes, JSON, and problems told in one line.

A command reads its arguments with click, does its job, and gives an `Outcome`: a text for people, a
document for programs. With --json the document, or the problem in one, is all that is on stdout.
"""

import contextlib
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from pipeline.errors import PipelineError, UsageError, one_line
from pipeline.settings import PROJECT_ROOT

STOPPED = 130
# What DuckDB's RuntimeError says where an interrupt comes while a query runs.
QUERY_STOPPED = "Query interrupted"
TRACEBACK_FILE = PROJECT_ROOT / "logs" / "traceback.log"
JSON_OPTION = "--json"

json_option = click.option(
    JSON_OPTION, "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


@dataclass(frozen=True)
class Outcome:
    """What a command found or did."""

    text: str
    document: dict[str, Any]
    code: int = 0


@dataclass(frozen=True)
class Failing:
    """A command's exit codes where it can't do its job, and what it says when it is stopped."""

    usage: int = 2
    other: int = 2
    stopped: str = "stopped"


class Command(click.Command):
    """A command of ours: -h is --help, and whatever it does not know is refused."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:  # noqa: ANN401 - as click has it
        """Make the command as click does."""
        own = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
        attributes["context_settings"] = own | (attributes.get("context_settings") or {})
        super().__init__(*arguments, **attributes)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name what is left over as unknown options are named."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        refuse_extra(ctx.args)
        return rest


def read(command: click.Command, arguments: Sequence[str]) -> Any:  # noqa: ANN401
    """Give what a command's function makes of its arguments."""
    try:
        with command.make_context(f"scripts/{command.name}", list(arguments)) as context:
            return command.invoke(context)
    except click.UsageError as error:
        message = f"{in_words(error, command)} See scripts/{command.name} --help."
        raise UsageError(message) from error


def refuse_extra(extra: Sequence[str]) -> None:
    """Refuse arguments that nothing takes."""
    if extra:
        message = f"unrecognized arguments: {' '.join(extra)}."
        raise click.UsageError(message)


def in_words(error: click.UsageError, command: click.Command) -> str:
    """Say what is wrong with a command's arguments."""
    if isinstance(error, click.NoSuchOption):
        near = f" Did you mean {error.possibilities[0]}?" if error.possibilities else ""
        needed = [_named(param) for param in command.params if param.required]
        required = f"; required: {' '.join(needed)}" if needed else ""
        return f"unrecognized arguments: {error.option_name}{required}.{near}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"required: {_named(error.param)}."
    return f"{error.format_message().rstrip('.')}."


def _named(param: click.Parameter) -> str:
    """Name a parameter as people give it."""
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def run(
    name: str,
    arguments: Sequence[str],
    job: Callable[[Sequence[str]], Outcome],
    failing: Failing = Failing(),
) -> int:
    """Do a command's job and show what came of it; give the exit code."""
    as_json = JSON_OPTION in arguments
    try:
        with _stdout_for_the_document_alone() if as_json else contextlib.nullcontext():
            outcome = job(arguments)
    except click.exceptions.Exit as end:
        return end.exit_code
    except KeyboardInterrupt:
        return _refuse(name, failing.stopped, STOPPED, as_json=as_json)
    except UsageError as problem:
        return _refuse(name, str(problem), failing.usage, as_json=as_json)
    except PipelineError as problem:
        return _refuse(name, str(problem), failing.other, as_json=as_json)
    except Exception as problem:  # noqa: BLE001 - nobody should have to read a traceback
        is_stop = str(problem) == QUERY_STOPPED
        said = failing.stopped if is_stop else _unexpected(problem)
        return _refuse(name, said, STOPPED if is_stop else failing.other, as_json=as_json)
    show(as_json_text(outcome.document) if as_json else outcome.text)
    return outcome.code


def show(text: str) -> None:
    """Print, whatever the terminal can show and whether or not anybody reads to the end."""
    if not text:
        return
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        print(text, flush=True)
    except OSError:
        sys.stdout = None  # type: ignore[assignment]


def tell(name: str, text: str) -> None:
    """Tell a problem, in one line beside the results."""
    print(f"{name}: {one_line(text)}", file=sys.stderr)


def warn(warnings: Sequence[str]) -> None:
    """Tell warnings beside the results. Nobody may be there to read them: no reason to fail."""
    with contextlib.suppress(OSError):
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)


def as_json_text(document: dict[str, Any]) -> str:
    """Write a document; times are UTC."""
    return json.dumps(document, indent=2, default=_json_value, allow_nan=False)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _refuse(name: str, problem: str, code: int, *, as_json: bool) -> int:
    tell(name, problem)
    if as_json:
        show(as_json_text({"error": one_line(problem), "exit_code": code}))
    return code


def _unexpected(problem: Exception) -> str:
    """Word a defect of ours, and keep where it happened for whoever mends it."""
    said = f"{type(problem).__name__}: {problem}"
    try:
        TRACEBACK_FILE.parent.mkdir(parents=True, exist_ok=True)
        TRACEBACK_FILE.write_text("".join(traceback.format_exception(problem)), encoding="utf-8")
    except OSError:
        return said
    return f"{said} (where: {TRACEBACK_FILE})"


@contextlib.contextmanager
def _stdout_for_the_document_alone() -> Iterator[None]:
    """Lead what anything else prints to stderr."""
    with contextlib.redirect_stdout(sys.stderr):
        yield
