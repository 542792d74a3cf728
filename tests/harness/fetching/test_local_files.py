"""A build refuses a data folder of which a fetched file is no longer what it was."""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from conftest import run_build
from export_loading import Load
from fetching.layout import Day
from fetching.local_files import check_data_folder
from fetching.manifest import Manifest
from pipeline import build, progress
from pipeline.errors import PipelineError
from s3_export import S3Export
from small_exports import decisions, events, write_export

pytestmark = pytest.mark.usefixtures("own_world")

ONE, EVENTS = "type=decisions/date=2025-03-01", "type=events/date=2025-03-01"
PART = f"{ONE}/experiment=1/part-0.parquet"


@pytest.fixture
def fetched(export: S3Export, load: Load, folder: Path) -> Path:
    """Give a data folder into which two days were fetched."""
    export.put_day("decisions", "2025-03-01", {"experiment=1/part-0.parquet": bytes(5000)})
    export.put_day("events", "2025-03-01", {"event=buy/part-0.parquet": b"events"})
    assert load().code == 0
    return folder


def flip(folder: Path) -> None:
    """Change one bit, and nothing else that can be seen."""
    content = bytearray((folder / PART).read_bytes())
    content[2500] ^= 4
    (folder / PART).write_bytes(content)


def truncate(folder: Path) -> None:
    """Lose the end."""
    (folder / PART).write_bytes(bytes(4999))


def lose(folder: Path) -> None:
    """Lose the file."""
    (folder / PART).unlink()


def lose_its_folder(folder: Path) -> None:
    """Lose the experiment's folder, and not the day's."""
    shutil.rmtree((folder / PART).parent)


DAMAGES = {
    flip: "has other bytes than when it was fetched (SHA-256)",
    truncate: "has 4,999 bytes, and had 5,000 when it was fetched",
    lose: "was fetched, and is missing though its day is there",
    lose_its_folder: "was fetched, and is missing though its day is there",
}


def test_what_was_fetched_is_right(fetched: Path) -> None:
    """And days that are deleted are no damage."""
    assert check_data_folder(fetched) == []
    shutil.rmtree(fetched / ONE)
    assert check_data_folder(fetched) == []


@pytest.mark.parametrize(("damage", "said"), DAMAGES.items(), ids=lambda each: str(each)[:20])
def test_damage_is_named_in_one_line(
    fetched: Path, load: Load, damage: Callable[[Path], None], said: str
) -> None:
    """The line says what mends it, and it does."""
    damage(fetched)
    with pytest.raises(PipelineError) as raised:
        check_data_folder(fetched)
    assert str(raised.value) == (
        f"{fetched / PART} {said}. Run ./scripts/load_export --date 2025-03-01 again, which fetches"
        " what is not right."
    )
    assert load(days=("--date", "2025-03-01")).code == 0
    assert check_data_folder(fetched) == []


def test_any_bit_and_any_cut_is_found(fetched: Path) -> None:
    """By the sum of all bytes, wherever it is."""
    part = fetched / PART
    content = part.read_bytes()
    flips = random.Random(6)  # noqa: S311 - where, and nothing secret
    damaged = [content[: len(content) * share // 10] for share in range(10)]
    for _ in range(200):
        changed = bytearray(content)
        changed[flips.randrange(len(content))] ^= 1 << flips.randrange(8)
        damaged.append(bytes(changed))
    for each in damaged:
        part.write_bytes(each)
        with pytest.raises(PipelineError, match=re.escape(str(part))):
            check_data_folder(fetched)
    part.write_bytes(content)
    assert check_data_folder(fetched) == []


def test_a_build_begins_with_it(
    fetched: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before the first model; what was published stays as it was."""
    flip(fetched)
    published = tmp_path / "published" / "em.duckdb"
    monkeypatch.setenv("OPTIMIZELY_DATA_DIR", str(fetched))
    monkeypatch.setenv("WAREHOUSE_PATH", str(published))
    monkeypatch.setattr(build, "run_dbt", lambda *_: pytest.fail("dbt was run"))
    assert build.main(["--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["error"].startswith(f"{fetched / PART} has other bytes than")
    assert said.err.count("\n") == 2  # the input, and what is wrong with it
    assert not published.exists()


def test_a_build_of_something_else_does_not(
    fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where EXPOSURES bring the input, the export isn't read."""
    flip(fetched)
    monkeypatch.setenv("OPTIMIZELY_DATA_DIR", str(fetched))
    monkeypatch.setenv("EXPOSURES", str(tmp_path / "exposures.csv"))
    monkeypatch.setenv("WAREHOUSE_PATH", str(tmp_path / "em.duckdb"))
    reached = SimpleNamespace(done=False)

    def run_dbt(*_: object) -> None:
        reached.done = True
        raise PipelineError("reached")  # noqa: EM101 - the test's own

    monkeypatch.setattr(build, "run_dbt", run_dbt)
    assert build.main([]) == 2
    assert reached.done


def test_a_folder_without_a_manifest_is_not_looked_at(tmp_path: Path) -> None:
    """Whoever fetched it otherwise is not bothered."""
    (tmp_path / ONE).mkdir(parents=True)
    (tmp_path / ONE / "part-0.parquet").write_bytes(b"x")
    assert check_data_folder(tmp_path) == []
    assert check_data_folder(tmp_path / "none") == []


def test_unknown_files_are_told(fetched: Path) -> None:
    """A build reads them, and nobody can say what they were."""
    for name in ("part-1.parquet", ".part-2.parquet", "notes.txt"):
        (fetched / ONE / name).write_bytes(b"x")
    (warning,) = check_data_folder(fetched)
    assert warning == (
        "2 files were not fetched by load_export, and can't be checked, such as"
        f" {fetched / ONE / '.part-2.parquet'}. Remove what does not belong to the export."
    )


def test_a_day_that_was_removed_in_part_is_refused(fetched: Path, load: Load) -> None:
    """The next run ends what was begun, also where it is asked for something else."""
    manifest = Manifest(fetched)
    day = Day.of(ONE)
    assert day is not None
    known = manifest.read(day)
    assert known is not None
    known.state, known.leaving = "pruned", [PART, f"{ONE}/_SUCCESS"]
    manifest.write(known)
    with pytest.raises(PipelineError, match="was about to be removed when load_export was stopped"):
        check_data_folder(fetched)
    assert load(days=("--date", "2025-03-01")).code == 0
    assert not (fetched / ONE).exists()
    assert check_data_folder(fetched) == []


def test_how_far_the_check_is_can_be_seen(
    fetched: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A large folder takes minutes."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    assert check_data_folder(fetched) == []
    assert capsys.readouterr().err.splitlines() == [
        "build: 1 of 2 fetched files checked",
        "build: 2 of 2 fetched files checked",
    ]


@pytest.mark.parametrize("document", ["", "[]", '{"version": 1}', "\x00"])
def test_a_damaged_manifest_is_named(fetched: Path, document: str) -> None:
    """With the way out."""
    file = fetched / ".load_export" / "days" / f"{ONE}.json"
    file.write_text(document)
    with pytest.raises(PipelineError, match="can't be read") as raised:
        check_data_folder(fetched)
    assert str(raised.value).startswith(f"{file}, which says what was fetched, can't be read")


def test_a_day_that_is_being_put_in_place_is_refused(fetched: Path) -> None:
    """Where a run was killed between two files, or before it removed one."""
    manifest = Manifest(fetched)
    day = Day.of(ONE)
    assert day is not None
    known = manifest.read(day)
    assert known is not None
    known.state, known.leaving = "moving", [f"{ONE}/experiment=2/part-0.parquet"]
    manifest.write(known)
    assert check_data_folder(fetched) == []
    left = fetched / ONE / "experiment=2" / "part-0.parquet"
    left.parent.mkdir()
    left.write_bytes(b"x")
    with pytest.raises(PipelineError, match="was about to be removed when"):
        check_data_folder(fetched)


def test_the_check_writes_nothing(fetched: Path) -> None:
    """The data may lie where a build may only read."""
    before = sorted((path, path.stat().st_mtime_ns) for path in fetched.rglob("*"))
    assert check_data_folder(fetched) == []
    assert sorted((path, path.stat().st_mtime_ns) for path in fetched.rglob("*")) == before


def test_a_fetched_export_is_built(
    export: S3Export, load: Load, folder: Path, tmp_path: Path
) -> None:
    """What lies beside the data is no data; a warning of the check is the build's."""
    made = tmp_path / "made"
    environment = write_export(made, decisions(), events())
    for kind, below in (("decisions", "experiment=e1"), ("events", "event=purchase")):
        part = (made / f"type={kind}" / "part-0.parquet").read_bytes()
        export.put_day(kind, "2025-03-03", {f"{below}/part-0.parquet": part})
    assert load().code == 0
    unknown = folder / "type=decisions" / "date=2025-03-03" / "experiment=e1" / "copy.parquet"
    shutil.copyfile(unknown.with_name("part-0.parquet"), unknown)
    path = tmp_path / "published" / "em.duckdb"
    built = run_build(path, **environment | {"OPTIMIZELY_DATA_DIR": str(folder)})
    assert built.returncode == 0, built.stderr
    assert "warning: 1 file was not fetched by load_export, and can't be checked" in built.stderr
    with duckdb.connect(str(path), read_only=True) as connection:
        units = connection.sql("select count(*) from experiment_units").fetchall()
    assert units == [(60,)]
