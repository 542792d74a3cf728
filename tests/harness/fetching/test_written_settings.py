"""What load_experiment_names writes is what a build reads, whatever names hold."""

from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import run_dbt
from fetching.csv_file import LINE_END
from fetching.experiment import read_experiment
from fetching.settings_files import read_settings_files, write_files
from hostile_values import VISITORS
from optimizely_api import experiment

NAMES = (
    *(name for name in VISITORS if name.strip() == name),
    *('=HYPERLINK("x")', "#1", "NA", "true", "1.0", "01", "a\r\nb", "a\rb", '"', '""', "a\tb"),
    *("\\N", "é" * 5000, "\x1b[2J", "\u202eabc", "a\0b"),
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_build_reads_what_is_written(tmp_path: Path, end: str) -> None:
    """Each name as it is, but for its line ends, and the lines that were there besides."""
    project = bare_project(tmp_path / "project")
    for path in (project / "seeds").glob("*.csv"):
        path.write_bytes(path.read_text().replace("\n", end).encode())
    arms = [{"variation_id": number, "key": name, "weight": 1} for number, name in enumerate(NAMES)]
    answer = experiment(1, arms, key="two\nlines", earliest="2024-01-31T12:00:00.250000Z")
    files = read_settings_files(project / "seeds", overwrite=False)
    there = len(files.variations.data)
    files.take(read_experiment(answer, "1"), set())
    write_files(files.changed)
    seeds = ["--select", "variations", "experiments"]
    built = run_dbt(project, "build", *seeds, DBT_EXCLUDE_RESOURCE_TYPES="test")
    assert built.returncode == 0, built.stdout
    with duckdb.connect(str(project / "test.duckdb")) as connection:
        found = connection.sql(
            "select experiment_name, variation_name from main_internal.variations"
            " where experiment_id = '1' order by variation_id::integer"
        ).fetchall()
        others = connection.sql(
            "select count(*), (select starts_at from main_internal.experiments"
            " where experiment_id = '1')"
            " from main_internal.variations where experiment_id <> '1'"
        ).fetchall()
    assert found == [(f"two{end}lines", LINE_END.sub(end, name)) for name in NAMES]
    assert others == [(there, "2024-01-31 12:00:00.250000")]
