"""Writes the report's folder: all of it, or nothing."""

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import PipelineError, one_line

MARKER = ".experiment-report"
"""Stands in every folder that we wrote, so that none of anybody else is ever replaced."""


def write_folder(files: Mapping[str, str], folder: Path) -> None:
    """Write files into a folder and put it in the old one's place."""
    try:
        _refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}.", dir=folder.parent, ignore_cleanup_errors=True
        ) as made:
            new, old = Path(made) / "new", Path(made) / "old"
            new.mkdir()
            for name, text in {**files, MARKER: ""}.items():
                (new / name).parent.mkdir(exist_ok=True)
                (new / name).write_text(text, encoding="utf-8")
            _swap(new, folder, old)
    except OSError as error:
        message = f"The report can't be written to {folder}: {one_line(str(error))}"
        raise PipelineError(message) from error


def _refuse_foreign(folder: Path) -> None:
    """Refuse to replace what is no report of ours."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / MARKER).is_file():
        message = (
            f"{folder} holds something else than a report, and would be replaced. Name a new"
            " folder, or an empty one, with --output."
        )
        raise PipelineError(message)


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Put the new folder in place; what was there comes back where that fails."""
    there = folder.exists()
    if there:
        folder.replace(old)
    try:
        new.replace(folder)
    except OSError:
        if there:
            with suppress(OSError):
                old.replace(folder)
        raise
    if there:
        shutil.rmtree(old, ignore_errors=True)
