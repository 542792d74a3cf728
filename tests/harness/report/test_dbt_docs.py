"""scripts/report --docs: dbt's documentation as one file that the index leads to."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT_ROOT
from pipeline.dbt_run import BuildReport
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from report_page import read_page
from results_page import dbt_docs
from results_page.writing import MARKER


@pytest.fixture
def warehouse(tmp_path: Path, sample_build: Path) -> Path:
    """Give the sample's published file, as read-only as a published file is."""
    path = Path(shutil.copyfile(sample_build, tmp_path / "em.duckdb"))
    path.chmod(0o444)
    return path


def test_the_index_leads_to_it(warehouse: Path, tmp_path: Path) -> None:
    """It has lineage, columns and SQL, no path of this machine, and nothing else is left."""
    calls = tmp_path / "it's calls.csv"
    calls.write_text("user_id,call_start,call_duration_min\n")
    done = subprocess.run(
        [PROJECT_ROOT / "scripts" / "report", "--docs", "--json"],
        env={**os.environ, "WAREHOUSE_PATH": str(warehouse), "CALL_DATA_PATH": str(calls)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "em.duckdb.report"
    assert json.loads(done.stdout) == {"report": str(folder / "index.html")}
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {warehouse.name, folder.name, calls.name}
    assert {dbt_docs.FILE, "index.html", MARKER} < {path.name for path in folder.iterdir()}
    links = read_page(folder / "index.html").find_all("a")
    assert dbt_docs.OVERVIEW in {link.attributes.get("href") for link in links}
    text = (folder / dbt_docs.FILE).read_text(encoding="utf-8")
    assert '"unique_id": "model.experiment_metrics.experiment_results"' in text
    assert '"parent_map": {' in text
    # What the link leads to.
    assert '"doc.experiment_metrics.__experiment_metrics__": {' in text
    assert '"type": "DOUBLE"' in text
    assert "$OPTIMIZELY_DATA_DIR/type=decisions/" in text
    assert "$CALL_DATA_PATH" in text
    for place in (tmp_path, PROJECT_ROOT, Path.home()):
        assert re.findall(rf".{{0,80}}{re.escape(f'{place}/')}.{{0,40}}", text)[:3] == []


def test_what_dbt_refuses_is_one_line(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it worked with goes."""
    refused = BuildReport(succeeded=False, failures=["models/x.sql: no such thing"])
    monkeypatch.setattr(dbt_docs, "run_dbt", lambda *_: refused)
    with pytest.raises(
        PipelineError, match=r"^dbt's documentation can't be made: models/x\.sql: no"
    ):
        dbt_docs.make_dbt_docs(Settings(warehouse), tmp_path / "pages")
    assert {path.name for path in tmp_path.iterdir()} == {warehouse.name}
