"""Parts of an export that are damaged, unfinished or out of place: refused or told by name."""

import os
import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import PROJECT_ROOT
from input_checks import InputChecks
from pipeline.errors import PipelineError
from pipeline.input_files import InputWatch, check_links, unreadable
from small_exports import decisions, events, write_rows


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> InputChecks:
    """Parse the project once."""
    return InputChecks(tmp_path_factory.mktemp("checks"))


@pytest.fixture
def checks(parsed: InputChecks) -> InputChecks:
    """Give the checks of a good export, to be damaged."""
    parsed.fresh()
    return parsed


def refused(checks: InputChecks, **settings: object) -> str:
    """Give the one line by which an export is refused."""
    report = checks.found(**settings)
    assert not report.succeeded
    (line,) = report.failures
    return line


def told(checks: InputChecks, **settings: object) -> list[str]:
    """Give what an export that is read is warned of."""
    report = checks.found(**settings)
    assert report.failures == []
    return report.warnings


def test_a_good_export_is_told_nothing(checks: InputChecks) -> None:
    """With marks and without."""
    assert told(checks) == []
    checks.days("2025-03-03", "2025-03-04")
    assert told(checks) == []


@pytest.mark.parametrize("tenths", range(10))
def test_a_part_that_is_cut_short_is_named(checks: InputChecks, tenths: int) -> None:
    """Wherever it is cut, down to nothing."""
    part = checks.part("events")
    data = part.read_bytes()
    part.write_bytes(data[: len(data) * tenths // 10])
    line = refused(checks)
    assert line.startswith(f"{part} can't be read (")
    assert line.endswith("cut short, encrypted or no Parquet file. Fetch or export it again.")


def test_what_is_no_parquet_is_named(checks: InputChecks) -> None:
    """A text, another footer length, an encrypted part."""
    part = checks.part("decisions", "date=2025-03-03")
    good = checks.part("decisions").read_bytes()
    part.parent.mkdir()
    for data in (b"uuid,timestamp\n" * 9, good[:-8] + b"\xff\xff\xff\x7fPAR1", good[:-4] + b"PARE"):
        part.write_bytes(data)
        assert refused(checks).startswith(f"{part} can't be read (")


def test_flipped_bits_name_their_part_or_can_be_read(checks: InputChecks, tmp_path: Path) -> None:
    """200 parts with one flipped bit each; a good one is not."""
    good = checks.part("decisions")
    pq.write_table(pq.read_table(good, partitioning=None), good, compression="none")
    data = good.read_bytes()
    damaged = tmp_path / "it's [a] part.parquet"
    rng = random.Random(20250303)  # noqa: S311 - reproducible, not secret
    unnamed = 0
    with duckdb.connect() as connection:
        for _ in range(200):
            flipped = bytearray(data)
            flipped[rng.randrange(4, len(data) - 8)] ^= 1 << rng.randrange(8)
            damaged.write_bytes(flipped)
            problem = unreadable(connection, str(damaged))
            if problem is not None:
                assert problem.startswith(f"{damaged} can't be read (")
                unnamed += "Out of buffer" in problem
        assert unreadable(connection, str(good)) is None
    assert unnamed > 0


def test_a_part_that_fails_when_it_is_read_is_found_among_others(checks: InputChecks) -> None:
    """Where DuckDB says what is wrong and not where."""
    good = checks.part("decisions", "date=2025-03-03")
    good.parent.mkdir()
    write_rows(good, decisions())
    watch = InputWatch()
    part = checks.part("decisions")
    pattern = f"{checks.export}/type=decisions/**/[!._]*.parquet"
    heard = {"name": "SQLQuery", "sql": f"select 1 from read_parquet('{pattern}')"}
    watch.take(_event(**heard))
    said = ["models/staging/x.sql: Out of buffer", "another failure"]
    assert watch.explained(said) == said
    data = part.read_bytes()
    part.write_bytes(data[:100] + bytes(byte ^ 255 for byte in data[100:140]) + data[140:])
    first, *others = watch.explained(said)
    assert first.startswith(f"{part} can't be read (")
    assert others == ["another failure"]
    assert watch.explained(["another failure"]) == ["another failure"]


def _event(name: str, **data: object) -> object:
    """Make an event as dbt tells them."""
    return type(
        "Event", (), {"info": type("Info", (), {"name": name}), "data": type("D", (), data)}
    )


def test_a_part_with_no_row_is_fine(checks: InputChecks) -> None:
    """As exports have them."""
    part = checks.part("events", "date=2025-03-04")
    part.parent.mkdir()
    pq.write_table(pq.read_table(checks.part("events"), partitioning=None).slice(0, 0), part)
    assert told(checks) == []


def test_a_part_that_claims_more_rows_than_it_can_hold_is_refused(checks: InputChecks) -> None:
    """It would be made to use up the memory."""
    part = checks.part("decisions")
    one = pq.read_table(part, partitioning=None).slice(0, 1)
    many = one.take(pa.array([0] * 1_000_000))
    pq.write_table(many, part, compression="zstd")
    line = refused(checks)
    assert f"{part} says that it holds 1000000 rows, but it has " in line
    assert "damaged, or made to do harm" in line


@pytest.mark.parametrize(
    "place",
    [
        *(".part-9.parquet", "date=2025-03-03/_part-9.parquet", "part-9.parquet.crc"),
        *(".part-9.parquet.crc", "part-9.parquet.tmp", "empty.parquet/"),
    ],
)
def test_files_of_unfinished_work_are_not_read(checks: InputChecks, place: str) -> None:
    """Whatever is in them: names that begin with a dot or an underscore, and other endings."""
    stray = checks.export / "type=decisions" / place
    if place.endswith("/"):
        stray.mkdir()
    else:
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_text("no Parquet")
    assert told(checks) == []
    assert of_source(checks, "decisions", "count(*)") == 60


@pytest.mark.parametrize("folder", ["_temporary/0", "date=2025-03-03/.staging"])
def test_a_part_in_a_folder_of_unfinished_work_is_refused(checks: InputChecks, folder: str) -> None:
    """Its job may be about to put it in its place, or never will."""
    part = checks.part("decisions", folder)
    write_rows(part, decisions())
    line = refused(checks)
    assert line.startswith(f"{part} lies in a folder of a job that still writes or was broken off")


def of_source(checks: InputChecks, kind: str, expression: str) -> object:
    """Ask what models read, from where the project's source says."""
    file = PROJECT_ROOT / "models" / "staging" / "optimizely" / "_optimizely__sources.yml"
    (source,) = yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
    location = source["config"]["meta"]["external_location"]
    read = location.format(folder_pattern=checks.export, name=kind)
    return duckdb.sql(f"select {expression} from {read}").fetchall()[0][0]


def test_links_that_would_be_passed_over_are_refused(checks: InputChecks, tmp_path: Path) -> None:
    """To a folder, to nothing and to itself; one to a file, or of a kind's folder, is read."""
    folder = checks.export / "type=decisions"
    check_links(checks.export)
    (folder / "part-1.parquet").symlink_to(checks.part("decisions"))
    folder.rename(tmp_path / "decisions")
    folder.symlink_to(tmp_path / "decisions")
    check_links(checks.export)
    for name, goal in (("nothing", "no.parquet"), ("itself", "itself.parquet")):
        link = folder / f"{name}.parquet"
        link.symlink_to(folder / goal)
        with pytest.raises(PipelineError, match=f"{name}.parquet is a link that leads to no file"):
            check_links(checks.export)
        link.unlink()
    (tmp_path / "elsewhere").mkdir()
    (folder / "date=2025-03-03").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PipelineError, match=r"date=2025-03-03 is a link to a folder"):
        check_links(checks.export)


def test_a_day_without_its_mark_is_pending(checks: InputChecks) -> None:
    """Where others have one; it fails where marks are required, and so does a day between."""
    checks.days("2025-03-03", "2025-03-04", "2025-03-06")
    (checks.export / "type=events" / "date=2025-03-04" / "_SUCCESS").unlink()
    (line,) = told(checks)
    assert line == (
        f"1 of 3 days of events in {checks.export} have no _SUCCESS, so that parts of them may be"
        " missing: 2025-03-04. Fetch them again when the export has written them."
    )
    line = refused(checks, require_success_marker=True)
    assert "1 of 4 days of decisions" in line
    assert "may be missing: 2025-03-05. Fetch them when" in line


def test_days_without_any_mark_are_only_refused_where_marks_are_required(
    checks: InputChecks,
) -> None:
    """An export that was made without them is no worse for it."""
    checks.days("2025-03-03", "2025-03-04", marked=False)
    assert told(checks) == []
    line = refused(checks, require_success_marker=True)
    assert "2 of 2 days of decisions" in line
    assert line.endswith("or set the var require_success_marker to false.")


def test_a_day_with_its_mark_and_no_part_is_told(checks: InputChecks) -> None:
    """It may be that nothing happened, or that parts were lost."""
    checks.days("2025-03-03", "2025-03-04")
    checks.part("events", "date=2025-03-04").unlink()
    (line,) = told(checks)
    assert line.startswith(f"1 of 2 days of events in {checks.export} have _SUCCESS and no part")
    assert "2025-03-04. Unless nothing happened" in line


def test_a_column_that_a_part_lacks_is_named(checks: InputChecks) -> None:
    """Its rows would be without it; another part has it."""
    part = checks.part("events", "date=2025-03-04")
    write_rows(part, [{k: v for k, v in row.items() if k != "revenue"} for row in events()])
    line = refused(checks)
    assert line.startswith(f"Missing column 'revenue' in {part}. The export of events needs: ")


def test_a_column_of_another_type_is_named(checks: InputChecks) -> None:
    """With both types and parts; all rows would be texts."""
    part = checks.part("events", "z")
    write_rows(part, [{**row, "revenue": "100"} for row in events()], {"revenue": pa.string()})
    assert refused(checks) == (
        f"Column 'revenue' is BIGINT in {checks.part('events')} but VARCHAR in {part}. Export the"
        " files again with one type."
    )


def test_whole_numbers_before_fractions_are_read_as_they_are(checks: InputChecks) -> None:
    """Parts may have a value as an integer and as a double."""
    checks.rewrite("events", [{**row, "value": 2} for row in events()], value=pa.int64())
    write_rows(checks.part("events", "z"), [{**row, "value": 5.7} for row in events()])
    assert told(checks) == []
    assert of_source(checks, "events", "list(distinct value order by value)") == [2, 5.7]


def test_a_wrong_folder_is_named(checks: InputChecks) -> None:
    """One without a kind of file says which and what to set."""
    checks.part("events").unlink()
    line = refused(checks)
    assert line.startswith(f"No Parquet file matches {checks.export}/type=events/**/*.parquet. Set")


def test_a_column_that_nothing_reads_is_told_once(checks: InputChecks) -> None:
    """By its name and a part that has it; the export's own further columns are not."""
    rows = [{**row, "loyalty": "gold", "user_ip": "::1", "revision": "1"} for row in events()]
    part = checks.rewrite("events", rows)
    (line,) = told(checks)
    assert line.startswith(
        f"Nothing reads the column 'loyalty' of the export of events, as in {part}"
    )


def test_rows_that_contradict_their_folder_are_counted(checks: InputChecks) -> None:
    """The column is believed; names that folders can't have, or stand for none, are no others."""
    for kind, column in (("decisions", "experiment"), ("events", "event")):
        rows = {"decisions": decisions(), "events": events()}[kind]
        name = {"decisions": "experiment_id", "events": "event_name"}[kind]
        for folder, value in (
            ("e1", "e1"),
            ("sign%20up%2Fnow", "sign up/now"),
            ("sign_up", "Sign up"),
            ("NULL", None),
            ("__HIVE_DEFAULT_PARTITION__", ""),
        ):
            part = checks.part(kind, f"{column}={folder}")
            write_rows(part, [{**row, name: value} for row in rows])
    assert told(checks) == []
    write_rows(checks.part("decisions", "experiment=e2"), decisions(7))
    assert len(told(checks)) == 1
    for folder in ("e1", "sign%20up%2Fnow", "sign_up", "NULL", "__HIVE_DEFAULT_PARTITION__"):
        checks.part("decisions", f"experiment={folder}").unlink()
    checks.part("decisions").unlink()
    (line,) = told(checks)
    assert line.startswith(
        "7 rows of decisions have another experiment_id than their folder, as 'e1' in "
        f"{checks.part('decisions', 'experiment=e2')}. The column is read"
    )


def test_an_unreadable_part_is_named(checks: InputChecks) -> None:
    """Its permissions are what is wrong with it."""
    part = checks.part("events")
    part.chmod(0)
    try:
        if os.access(part, os.R_OK):
            pytest.skip("this user may read every file")
        assert f"{part} can't be read (" in refused(checks)
    finally:
        part.chmod(0o600)
