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


@dataclass(frozen=True)
class Settings:
    """The places of one build; every path is absolute."""

    warehouse_path: Path
    export_dir: Path | None
    """The user's own export; None for the sample."""
    call_data_path: Path | None
    """The user's own call records; None for the seed."""
    exposures: str = ""
    """The user's own exposures in place of the export: files, a glob or a table."""
    events: str = ""
    """The user's own events."""

    def dbt_environment(self) -> dict[str, str]:
        """Give the environment variables by which the dbt project finds its input."""
        return {
            "OPTIMIZELY_DATA_DIR": str(self.export_dir or SAMPLE_DIR),
            "CALL_DATA_PATH": str(self.call_data_path or ""),
            "EXPOSURES": self.exposures,
            "EVENTS": self.events,
        }


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; relative paths are the caller's, who may stand in any folder."""

    def path(name: str) -> Path | None:
        value = environment.get(name, "")
        return Path(value).absolute() if value else None

    def file_or_table(name: str) -> str:
        value = environment.get(name, "")
        is_file = "/" in value or re.search(r"\.(csv|tsv|txt|parquet)(\.gz)?$", value)
        return str(Path(value).absolute()) if is_file else value

    return Settings(
        warehouse_path=_followed(path("WAREHOUSE_PATH") or DEFAULT_WAREHOUSE),
        export_dir=path("OPTIMIZELY_DATA_DIR"),
        call_data_path=path("CALL_DATA_PATH"),
        exposures=file_or_table("EXPOSURES"),
        events=file_or_table("EVENTS"),
    )


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
