"""scripts/report: what it writes where, and what it refuses."""

import json
from pathlib import Path

import duckdb
import pytest
from pipeline import build
from pipeline.errors import PipelineError
from pipeline.settings import DEFAULT_WAREHOUSE, PROJECT_ROOT
from pipeline.state import state_file
from report_page import read_page
from report_world import World, write_world
from results_page import command
from results_page.report import report_folder
from results_page.writing import MARKER, write_folder


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a small published file."""
    return write_world(tmp_path_factory.mktemp("warehouse") / "em.duckdb", sample_build, World())


@pytest.fixture
def set_warehouse(monkeypatch: pytest.MonkeyPatch, warehouse: Path) -> Path:
    """Have the command read the small file."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(warehouse))
    return warehouse


def test_each_published_file_has_its_own_report() -> None:
    """That of the project in reports/, those elsewhere beside them."""
    assert report_folder(DEFAULT_WAREHOUSE) == PROJECT_ROOT / "reports"
    assert report_folder(Path("/tmp/em.duckdb")) == Path("/tmp/em.duckdb.report")  # noqa: S108


def test_the_index_is_named(
    set_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line; without --output it lies beside the file."""
    assert command.main(["--output", str(tmp_path / "pages")]) == 0
    assert capsys.readouterr().out == f"Report {tmp_path / 'pages' / 'index.html'}\n"
    names = {path.name for path in (tmp_path / "pages").iterdir()}
    assert names == {"index.html", "experiment.html", MARKER}
    assert command.main([]) == 0
    assert f"{set_warehouse}.report/index.html" in capsys.readouterr().out


@pytest.mark.usefixtures("set_warehouse")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no_such"], "There is no experiment 'no_such'. There are: experiment (e)."),
        (["--frmt"], "unrecognized arguments: --frmt"),
        (["--output", "/proc/report"], "The report can't be written to /proc/report"),
    ],
)
def test_what_cant_be_done_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what is wrong, and exit code 2."""
    assert command.main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert message in said.err


def test_the_sql_of_a_metric_is_that_of_its_build(set_warehouse: Path, tmp_path: Path) -> None:
    """From the manifest beside the file; without one, the page is there without it."""
    state = state_file(set_warehouse)
    state.parent.mkdir()
    metric = {"name": "obs_0", "tags": ["metric"], "compiled_code": "\nselect '<b>' as it\n"}
    other = {"name": "obs_1", "tags": [], "compiled_code": "select 1"}
    uncompiled = {"name": "obs_2", "tags": ["metric"]}
    nodes = {each["name"]: each for each in (metric, other, uncompiled)}
    with duckdb.connect(str(set_warehouse)) as connection:
        connection.sql("update dim_metrics set model_name = 'obs_0'")
    shown = []
    for text in (json.dumps({"nodes": nodes}), "not JSON", '{"nodes": []}', None):
        state.write_text(text) if text else state.unlink()
        assert command.main(["--output", str(tmp_path)]) == 0
        page = read_page(tmp_path / "experiment.html")
        shown.append({pre.text for pre in page.find_all("pre")})
    assert shown == [{"select '<b>' as it"}, set(), set(), set()]


def test_nobody_elses_folder_is_replaced(tmp_path: Path) -> None:
    """Only a report of ours, or an empty folder."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(PipelineError, match="holds something else than a report"):
        write_folder({"index.html": "new"}, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_a_report_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """Pages of experiments that are no more are gone, and nothing else is left lying about."""
    folder = tmp_path / "report"
    write_folder({"index.html": "old", "gone.html": "old"}, folder)
    write_folder({"index.html": "new"}, folder)
    assert {path.name for path in folder.iterdir()} == {"index.html", MARKER}
    assert (folder / "index.html").read_text() == "new"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_report_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it while it is written, or while it is put in place."""
    folder = tmp_path / "report"
    write_folder({"index.html": "old"}, folder)
    with pytest.raises(PipelineError):
        write_folder({"index.html": "new", "no/such/folder.html": ""}, folder)
    assert (folder / "index.html").read_text() == "old"
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if path.name == "new":
            message = "no space left"
            raise OSError(message)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(PipelineError, match="no space left"):
        write_folder({"index.html": "new"}, folder)
    assert (folder / "index.html").read_text() == "old"
    assert list(tmp_path.iterdir()) == [folder]


def test_what_is_published_stays_so_without_a_report(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build whose pages can't be written has published, and warns."""

    def fail(*_: object, **__: object) -> None:
        message = "a defect"
        raise ValueError(message)

    monkeypatch.setattr(build, "write_report", fail)
    index, warnings = build.report_on(warehouse)
    assert index is None
    assert warnings == ["published, but no pages were written of it: a defect"]
