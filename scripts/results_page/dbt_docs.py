"""Makes dbt's documentation of the project, with its lineage, one file beside the pages of results.

dbt makes it from the project as it is now and from the published tables, which takes it as long as
a build takes to begin. So it is made only where it is asked for.
"""

import json
import shutil
import tempfile
from pathlib import Path

from pipeline.dbt_run import NEEDED_OPTIONS, run_dbt
from pipeline.errors import PipelineError, one_line
from pipeline.settings import PROJECT_ROOT, Settings

FILE = "dbt_docs.html"
OVERVIEW = f"{FILE}#!/overview/experiment_metrics"
"""Where it says what the whole is: models/_overview.md."""
# The file's name is the database's name, which dbt looks for.
DATABASE_NAME = "experiment_metrics.duckdb"


def make_dbt_docs(settings: Settings, beside: Path) -> str:
    """Give the file's text; what dbt works with lies in a folder beside this one meanwhile."""
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{beside.name}.docs-", dir=beside.parent, ignore_cleanup_errors=True
        ) as made:
            return _make(settings, Path(made))
    except OSError as error:
        message = f"dbt's documentation can't be made: {one_line(str(error))}"
        raise PipelineError(message) from error


def _make(settings: Settings, folder: Path) -> str:
    # dbt opens its database for writing, which a published file isn't for.
    database = folder / DATABASE_NAME
    shutil.copyfile(settings.warehouse_path, database)
    target = folder / "target"
    places = ["--target-path", str(target), "--log-path", str(folder / "logs")]
    command = ["docs", "generate", "--static", *NEEDED_OPTIONS, *places]
    report = run_dbt(command, settings.dbt_environment(), database, lambda _: None)
    if not report.succeeded:
        message = f"dbt's documentation can't be made: {report.failures[0]}"
        raise PipelineError(message)
    text = (target / "static_index.html").read_text(encoding="utf-8")
    return _without_places(text, settings, target)


def _without_places(text: str, settings: Settings, target: Path) -> str:
    """Name places as the project does, and not by where they lie on this machine."""
    places = {
        f"{target}/": "target/",
        **{
            value: f"${name}"
            for name, value in settings.dbt_environment().items()
            if value.startswith("/")
        },
        f"{PROJECT_ROOT}/": "",
    }
    for place, name in places.items():
        # In JSON, within it in SQL.
        for written in {place, place.replace("'", "''")}:
            text = text.replace(json.dumps(written)[1:-1], name)
    return text
