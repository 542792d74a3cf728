"""Puts what Optimizely says of experiments into the settings, beside what people wrote there.

A cell that holds something belongs to whoever wrote it, since nothing tells a person's hand from
this command's: it stays, and is said where Optimizely has it otherwise. Only blank cells are
filled, and lines added, unless all is to be overwritten.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError

from fetching.csv_file import CsvFile, Line, read_csv
from fetching.experiment import DAY_LENGTH, Experiment, time_of

VARIATIONS, EXPERIMENTS = "variations.csv", "experiments.csv"
VARIATION_COLUMNS = (
    "experiment_id",
    "experiment_name",
    "variation_id",
    "variation_name",
    "is_reference",
    "traffic_share",
)
EXPERIMENT_COLUMNS = ("experiment_id", "starts_at", "ends_at")
TRUE, FALSE = "true", "false"
SHARE_TOLERANCE = 0.0001
"""Shares that differ by less are one: Optimizely's have four digits, a third has more."""


@dataclass(frozen=True)
class Finding:
    """A cell or a line that is not as Optimizely has it, or was not."""

    what: str
    """added (a line); filled or replaced (a cell); kept (a cell that differs); refused (a date)."""
    file: str
    experiment_id: str
    variation_id: str | None = None
    column: str | None = None
    old: str | None = None
    new: str | None = None

    def document(self) -> dict[str, Any]:
        """Give it to programs."""
        return asdict(self)


@dataclass
class SettingsFiles:
    """The two files of settings that Optimizely knows something of."""

    variations: CsvFile
    experiments: CsvFile
    overwrite: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def changed(self) -> list[CsvFile]:
        """Give the files that there is something to write to."""
        return [file for file in (self.variations, self.experiments) if file.is_changed]

    def take(self, experiment: Experiment, exported: AbstractSet[str]) -> list[Finding]:
        """Take over what Optimizely says; exported: the variations that the data have."""
        before = len(self.findings)
        self._take_variations(experiment, exported)
        self._take_dates(experiment)
        return self.findings[before:]

    # --- variations.csv -----------------------------------------------------------------------

    def _take_variations(self, experiment: Experiment, exported: AbstractSet[str]) -> None:
        lines = _lines_of(self.variations, experiment.id)
        wanted = experiment.wanted(exported)
        name = self._name(experiment, lines)
        # A second reference variation would leave nothing to compare with, so a first one stays.
        has_reference = any(_is_true(line) for line in lines) and not self.overwrite
        listed = {one.id: _line(lines, "variation_id", one.id) for one in wanted}
        others = [line for line in lines if all(line is not taken for taken in listed.values())]
        last = lines[-1] if lines else None
        for place, variation in enumerate(wanted):
            line = listed[variation.id]
            is_settled = line is not None and line.value("is_reference").strip()
            is_reference = place == 0 and (is_settled or not has_reference)
            ids = {"experiment_id": experiment.id, "variation_id": variation.id}
            cells = {
                "experiment_name": name,
                "variation_name": variation.name,
                "is_reference": TRUE if is_reference else FALSE,
                "traffic_share": variation.share,
            }
            if line is None:
                last = self.variations.add(ids | cells, last)
                self.findings.append(Finding("added", VARIATIONS, **ids, new=variation.name))
            else:
                self._settle(line, cells, VARIATIONS, ids)
        for line in others:
            # What people list besides must not have another name, or be a second reference.
            ids = {"experiment_id": experiment.id, "variation_id": line.value("variation_id")}
            cells = {"is_reference": FALSE} if self.overwrite and wanted else {}
            self._settle(line, {"experiment_name": name} | cells, VARIATIONS, ids)

    def _name(self, experiment: Experiment, lines: Sequence[Line]) -> str:
        """Name the experiment as its lines do: two names of one would fail the build."""
        known = [line.value("experiment_name").strip() for line in lines]
        own, new = next((name for name in known if name), ""), experiment.name
        if not own or (self.overwrite and new):
            return new
        if new and own != new:
            cell = {"column": "experiment_name", "old": own, "new": new}
            self.findings.append(Finding("kept", VARIATIONS, experiment.id, **cell))
        return own

    # --- experiments.csv ----------------------------------------------------------------------

    def _take_dates(self, experiment: Experiment) -> None:
        ids = {"experiment_id": experiment.id}
        dates = {"starts_at": experiment.starts_at, "ends_at": experiment.ends_at}
        line = _line(self.experiments.data, "experiment_id", experiment.id)
        if not any(dates.values()):
            return
        if _are_backwards(*(self._outcome(line, column, new) for column, new in dates.items())):
            for column, new in dates.items():
                old = line.value(column) if line else ""
                if new and new == self._outcome(line, column, new):
                    self.findings.append(
                        Finding("refused", EXPERIMENTS, **ids, column=column, old=old, new=new)
                    )
        elif line is None:
            self.experiments.add(ids | dates)
            span = f"{experiment.starts_at or 'no start'} to {experiment.ends_at or 'no end'}"
            self.findings.append(Finding("added", EXPERIMENTS, **ids, new=span))
        else:
            self._settle(line, dates, EXPERIMENTS, ids)

    def _outcome(self, line: Line | None, column: str, new: str) -> str:
        """Tell what a cell will hold."""
        old = line.value(column).strip() if line else ""
        return (new or old) if self.overwrite else (old or new)

    # --- both ---------------------------------------------------------------------------------

    def _settle(
        self, line: Line, cells: Mapping[str, str], file: str, ids: Mapping[str, str]
    ) -> None:
        """Fill what is blank of a line; replace the rest only if that is asked for."""
        for column, new in cells.items():
            old = line.value(column)
            if not new.strip() or _are_same(column, old, new):
                continue
            what = "filled" if not old.strip() else "replaced" if self.overwrite else "kept"
            if what != "kept":
                line.set(column, new)
            self.findings.append(Finding(what, file, **ids, column=column, old=old, new=new))


def read_settings_files(folder: Path, *, overwrite: bool) -> SettingsFiles:
    """Read the settings of a folder."""
    return SettingsFiles(
        read_csv(folder / VARIATIONS, VARIATION_COLUMNS),
        read_csv(folder / EXPERIMENTS, EXPERIMENT_COLUMNS),
        overwrite,
    )


def write_files(files: Sequence[CsvFile]) -> None:
    """Put new contents in the places of files: of all of them, or of none."""
    with contextlib.ExitStack() as cleaning:
        try:
            written = [(file, cleaning.enter_context(_beside(file))) for file in files]
            for file in files:
                _check_untouched(file)
            _replace(written)
        except OSError as error:
            place = error.filename or files[0].path.parent
            message = f"{place} can't be written: {error.strerror}. Nothing was changed."
            raise PipelineError(message) from error


@contextlib.contextmanager
def _beside(file: CsvFile, *, content: bytes | None = None) -> Iterator[Path]:
    """Give a file of the new content beside the old one, which stays one with its links."""
    place = file.path.resolve()
    new = place.with_name(f".{place.name}.new")
    try:
        with new.open("wb") as opened:
            opened.write(file.content() if content is None else content)
            opened.flush()
            os.fsync(opened.fileno())
        shutil.copymode(place, new)
        yield new
    finally:
        new.unlink(missing_ok=True)


def _check_untouched(file: CsvFile) -> None:
    if file.path.read_bytes() != file.found:
        message = f"{file.path} has changed since it was read. Nothing was written: run this again."
        raise PipelineError(message)


def _replace(written: Sequence[tuple[CsvFile, Path]]) -> None:
    done: list[CsvFile] = []
    try:
        for file, new in written:
            new.replace(file.path.resolve())
            done.append(file)
    except OSError:
        for file in done:
            with _beside(file, content=file.found) as old:
                old.replace(file.path.resolve())
        raise


def _lines_of(file: CsvFile, experiment_id: str) -> list[Line]:
    """Give an experiment's lines; white space around an id is a slip."""
    found = [line for line in file.data if line.value("experiment_id") == experiment_id]
    return found or [
        line for line in file.data if line.value("experiment_id").strip() == experiment_id
    ]


def _line(lines: Sequence[Line], column: str, value: str) -> Line | None:
    exact = (line for line in lines if line.value(column) == value)
    alike = (line for line in lines if line.value(column).strip() == value)
    return next(exact, None) or next(alike, None)


def _is_true(line: Line) -> bool:
    return line.value("is_reference").strip().lower() == TRUE


def _are_same(column: str, old: str, new: str) -> bool:
    if column == "traffic_share":
        try:
            return abs(float(old) - float(new)) < SHARE_TOLERANCE
        except ValueError:
            return False
    if column in {"starts_at", "ends_at"}:
        is_day = DAY_LENGTH in {len(old.strip()), len(new)}
        return old.strip() == new if is_day else time_of(old) == time_of(new)
    if column == "is_reference":
        return old.strip().lower() == new
    return old.strip() == new


def _are_backwards(starts_at: str, ends_at: str) -> bool:
    start, end = time_of(starts_at), time_of(ends_at)
    if start is None or end is None:
        return False
    return start > end + timedelta(days=len(ends_at) == DAY_LENGTH)
