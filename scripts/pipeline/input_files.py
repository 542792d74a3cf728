"""The files that a build reads: what it says of them, and which of them can't be read.

DuckDB reads the parts of an export as one table, and names the damaged one in some messages only.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import PipelineError, one_line

# A pattern or a path of Parquet files, as a literal of SQL.
READ_FILES = re.compile(r"\b(?:glob|read_parquet)\(\s*'((?:[^']|'')*\.parquet)'")
# What DuckDB says when it fails to read a file, be it named or not.
READING_ERROR = re.compile(
    r"(?:IO|Invalid Input|Conversion|Serialization|INTERNAL|FATAL) Error|TProtocolException"
    r"|Out of buffer|corrupt|decompress",
    re.IGNORECASE,
)
HEADING = re.compile(r"^(?:\w+ )*Error: ")
MEMORY_LIMIT = "1GB"


class InputWatch:
    """Listens to dbt: what it warns of, and which Parquet files it reads."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.warnings: list[str] = []
        self._patterns: dict[str, None] = {}

    def take(self, event: Any) -> None:  # noqa: ANN401 - dbt's events have no common type
        """Take note of an event of dbt."""
        if event.info.name == "JinjaLogWarning":
            self.warnings.append(one_line(event.data.msg))
        elif event.info.name == "SQLQuery":
            for pattern in READ_FILES.findall(event.data.sql):
                # What is read from S3 is named by what DuckDB says, and not read a second time.
                if not pattern.startswith("s3://"):
                    self._patterns[pattern.replace("''", "'")] = None

    def explained(self, failures: list[str]) -> list[str]:
        """Say which file can't be read, where that is why the build failed."""
        reading = [line for line in failures if READING_ERROR.search(line)]
        problem = next(self._problems(), None) if reading else None
        if problem is None:
            return failures
        return [problem, *(line for line in failures if line not in reading)]

    def _problems(self) -> Iterator[str]:
        with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
            for pattern in self._patterns:
                found = connection.execute("select file from glob(?) order by file", [pattern])
                for (file,) in found.fetchall():
                    if problem := unreadable(connection, file):
                        yield problem


def unreadable(connection: duckdb.DuckDBPyConnection, file: str) -> str | None:
    """Read a Parquet file whole; say what is wrong with it, if anything is."""
    literal = re.sub(r"([\[*?])", r"[\1]", file)
    try:
        connection.execute("select file_name from parquet_file_metadata(?)", [literal]).fetchall()
        connection.execute(
            "select max(hash(part)) from read_parquet(?, hive_partitioning = false) as part",
            [literal],
        ).fetchall()
    except duckdb.OutOfMemoryException:
        return f"{file} needs more than {MEMORY_LIMIT} of memory to be read. Write smaller parts."
    except duckdb.IOException as error:
        return one_line(f"{file} can't be read ({_reason(error, file)}). Make it readable.")
    except duckdb.Error as error:
        return one_line(
            f"{file} can't be read ({_reason(error, file)}): it is damaged, cut short, encrypted or"
            " no Parquet file. Fetch or export it again."
        )
    return None


def _reason(error: duckdb.Error, file: str) -> str:
    first = str(error).strip().splitlines()[0]
    said = HEADING.sub("", first).replace(f"'{file}'", "").replace(f'"{file}"', "")
    return " ".join(said.split()).strip(" :")


def check_links(export: Path) -> None:
    """Refuse links that DuckDB passes over: their parts would be left out without a word."""
    for kind in ("decisions", "events"):
        for path, folders, files in os.walk(export / f"type={kind}"):
            for link in (Path(path, name) for name in folders if name[0] not in "._"):
                if link.is_symlink():
                    message = (
                        f"{link} is a link to a folder, which is not followed, so that its parts"
                        " would be left out. Put the folder itself there."
                    )
                    raise PipelineError(message)
            for part in (Path(path, name) for name in files if name.endswith(".parquet")):
                if part.is_symlink() and not os.path.exists(part):  # noqa: PTH110 - a loop is no error
                    message = f"{part} is a link that leads to no file. Put the file itself there."
                    raise PipelineError(message)
