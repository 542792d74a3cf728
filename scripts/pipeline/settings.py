"""Where a build reads and where it publishes, from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SAMPLE_DIR = PROJECT_ROOT / "data" / "sample"
DEFAULT_WAREHOUSE = PROJECT_ROOT / "warehouse" / "experiment_metrics.duckdb"
# Of two letters and more: one may be a drive.
ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):/")
S3 = "s3://"
# No user, password or parameter: those would be printed, and stand in the list of processes.
S3_ADDRESS = re.compile(
    r"s3://[A-Za-z0-9][A-Za-z0-9._-]+(?!.*[?&](s3_|aws|x-amz-|signature=))(/.*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Settings:
    """The places of one build; every path is absolute, or an address on S3."""

    warehouse_path: Path
    export_dir: str = ""
    """The user's own export; empty for the sample."""
    call_data_path: str = ""
    """The user's own call records; empty for the seed."""
    exposures: str = ""
    """The user's own exposures in place of the export: files, a glob or a table."""
    events: str = ""
    """The user's own events."""

    @property
    def export_folder(self) -> Path | None:
        """Give the user's own export where it lies on a disk."""
        on_disk = self.export_dir and not self.export_dir.startswith(S3)
        return Path(self.export_dir) if on_disk else None

    def dbt_environment(self) -> dict[str, str]:
        """Give the environment variables by which the dbt project finds its input."""
        return {
            "OPTIMIZELY_DATA_DIR": str(self.export_dir or SAMPLE_DIR),
            "CALL_DATA_PATH": self.call_data_path,
            "EXPOSURES": self.exposures,
            "EVENTS": self.events,
        }


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; relative paths are the caller's, who may stand in any folder."""

    def place(name: str) -> str:
        value = environment.get(name, "")
        return _place(name, value) if value else ""

    def file_or_table(name: str) -> str:
        value = environment.get(name, "")
        is_file = "/" in value or re.search(r"\.(csv|tsv|txt|parquet)(\.gz)?$", value)
        return _place(name, value) if is_file else value

    return Settings(
        warehouse_path=_warehouse_path(environment.get("WAREHOUSE_PATH", "")),
        export_dir=place("OPTIMIZELY_DATA_DIR"),
        call_data_path=place("CALL_DATA_PATH"),
        exposures=file_or_table("EXPOSURES"),
        events=file_or_table("EVENTS"),
    )


def _place(name: str, value: str) -> str:
    """Give a path as an absolute one, and an address on S3 as it is; any other is refused.

    No address is printed: there may be a password in it.
    """
    address = ADDRESS.match(value)
    if not address:
        return str(Path(value).absolute())
    if address["scheme"].lower() != "s3":
        message = (
            f"{name} is an address of {address['scheme']}:, which is not read. Set it to files on a"
            " disk of this machine, or to s3://bucket/prefix."
        )
        raise PipelineError(message)
    if not S3_ADDRESS.fullmatch(value):
        message = (
            f"{name} must be s3://bucket/prefix, without a key or parameter in it: credentials are"
            " found as AWS's own programs find them."
        )
        raise PipelineError(message)
    # In the export's, a slash at the end would double the one that follows.
    return S3 + value[len(S3) :].rstrip("/")


def _warehouse_path(value: str) -> Path:
    if ADDRESS.match(value):
        message = "WAREHOUSE_PATH is an address. Set it to a file on a disk of this machine."
        raise PipelineError(message)
    return _followed(Path(value).absolute() if value else DEFAULT_WAREHOUSE)


def _followed(path: Path) -> Path:
    """Follow links, which stay links: the file that they lead to is replaced."""
    try:
        followed = path.resolve()
        # A name that no disk can hold is told here.
        followed.exists()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"WAREHOUSE_PATH can't be used: {reason}. Set it to a file."
        raise PipelineError(message) from error
    return followed
