"""What load_export fetches, leaves, fetches again and removes, from moto's S3 server."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest
from export_loading import Load
from fetching import load_export
from s3_export import ACCOUNT, ROOT, Fault, S3Door, S3Export

pytestmark = pytest.mark.usefixtures("own_world")

Files = Callable[[], dict[str, bytes]]

ONE, TWO = "type=decisions/date=2025-03-01", "type=decisions/date=2025-03-02"
EVENTS = "type=events/date=2025-03-01"


def put_two_days(export: S3Export) -> dict[str, bytes]:
    """Write two days of decisions and one of events; give what is to be here then."""
    export.put_day("decisions", "2025-03-01", {"experiment=1/part-0.parquet": b"one"})
    export.put_day(
        "decisions",
        "2025-03-02",
        {"experiment=1/part-0.parquet": b"two", "experiment=2/part-0.parquet": b"three"},
    )
    export.put_day("events", "2025-03-01", {"event=buy/part-0.parquet": b"four"})
    return {
        f"{ONE}/experiment=1/part-0.parquet": b"one",
        f"{TWO}/experiment=1/part-0.parquet": b"two",
        f"{TWO}/experiment=2/part-0.parquet": b"three",
        f"{EVENTS}/event=buy/part-0.parquet": b"four",
        f"{ONE}/_SUCCESS": b"",
        f"{TWO}/_SUCCESS": b"",
        f"{EVENTS}/_SUCCESS": b"",
    }


def test_finished_days_come_once(export: S3Export, door: S3Door, load: Load, files: Files) -> None:
    """They lie as in the bucket; a second run asks for the lists alone."""
    expected = put_two_days(export)
    first = load()
    assert (first.code, first.err) == (0, "")
    assert "3 days (4 files, 15 bytes) fetched; 0 were here." in first.out
    assert files() == expected
    door.requests.clear()
    second = load("--json")
    assert second.code == 0
    assert second.document["file_count"] == 0
    assert set(second.statuses.values()) == {"here", "absent"}
    assert door.files == []
    assert len(door.requests) == 2  # a list of each kind
    assert files() == expected


def test_both_ends_are_days(export: S3Export, load: Load) -> None:
    """--from and --to are inclusive, by their other names, too; --date is both."""
    for day in ("2025-02-28", "2025-03-01", "2025-03-02", "2025-03-03"):
        export.put_day("decisions", day, {"experiment=1/part-0.parquet": b"x"})
    for days, wanted in (
        (("--start", "2025-03-01", "--end", "2025-03-02"), ["2025-03-01", "2025-03-02"]),
        (("--date", "2025-02-28"), ["2025-02-28"]),
        (("--from", "2025-03-02"), ["2025-03-02", "2025-03-03"]),
    ):
        found = load("--dry-run", "--json", "--type", "decisions", days=days)
        assert found.code == 0
        assert [day["date"] for day in found.document["days"]] == wanted


def test_a_dry_run_says_what_would_come(
    export: S3Export, door: S3Door, load: Load, folder: Path
) -> None:
    """It makes no folder, and asks for no file."""
    put_two_days(export)
    found = load("--dry-run")
    assert (found.code, found.err) == (0, "")
    assert "3 days (4 files, 15 bytes) would be fetched; 0 were here." in found.out
    assert not folder.exists()
    assert door.files == []


@pytest.mark.parametrize("level", ["day", "folder"])
def test_what_is_not_finished_waits(export: S3Export, load: Load, files: Files, level: str) -> None:
    """A marker speaks for its folder: a day's for all of it, an experiment's for that."""
    parts = {"experiment=1/part-0.parquet": b"one", "experiment=2/part-0.parquet": b"two"}
    export.put_day("decisions", "2025-03-01", parts, is_done=False)
    if level == "folder":
        export.put(f"{ONE}/experiment=1/_SUCCESS")
    found = load()
    assert found.code == 0
    if level == "day":
        assert "Not finished (no _SUCCESS), not fetched: decisions 2025-03-01." in found.out
        assert files() == {}
        export.put(f"{ONE}/_SUCCESS")
    else:
        assert "Finished in part; the other experiments or events come later" in found.out
        assert set(files()) == {
            f"{ONE}/experiment=1/part-0.parquet",
            f"{ONE}/experiment=1/_SUCCESS",
        }
        export.put(f"{ONE}/experiment=2/_SUCCESS")
    again = load("--json", "--type", "decisions")
    # That more of a day is finished is no change of what was.
    assert again.statuses == {"decisions 2025-03-01": "new"}
    assert {path for path in files() if path.endswith("parquet")} == {
        f"{ONE}/{path}" for path in parts
    }


def test_a_day_that_ends_after_its_parts_is_marked_here_too(
    export: S3Export, load: Load, files: Files, folder: Path
) -> None:
    """Also where nothing else of it comes; a marker that was lost here comes back."""
    export.put(f"{ONE}/experiment=1/part-0.parquet", b"one")
    export.put(f"{ONE}/experiment=1/_SUCCESS")
    assert load().code == 0
    assert f"{ONE}/_SUCCESS" not in files()
    export.put(f"{ONE}/_SUCCESS")
    for _ in range(2):
        assert load("--json", "--type", "decisions").statuses == {"decisions 2025-03-01": "here"}
        assert f"{ONE}/_SUCCESS" in files()
        (folder / ONE / "_SUCCESS").unlink()


def test_unfinished_days_can_be_refused(export: S3Export, load: Load) -> None:
    """A schedule that must have all of it is told by the exit code."""
    put_two_days(export)
    done = ("--type", "decisions", "--to", "2025-03-02")
    assert load("--require-success", *done).code == 0
    export.put_day("decisions", "2025-03-03", {"experiment=1/p.parquet": b"x"}, is_done=False)
    refused = load("--require-success", "--type", "decisions", "--to", "2025-03-04")
    assert refused.code == 1
    assert refused.err == (
        "load_export: not finished, though --require-success: decisions 2025-03-03 to 2025-03-04.\n"
    )


def test_only_parts_come(export: S3Export, load: Load, files: Files) -> None:
    """Checksums, what writers left behind, other types and hidden files stay where they are."""
    parts = {"experiment=1/part-0.parquet": b"one"}
    export.put_day("decisions", "2025-03-01", parts)
    for path in (
        *(f"{ONE}/experiment=1/.part-0.parquet.crc", f"{ONE}/experiment=1/.part-1.parquet"),
        *(f"{ONE}/_temporary/0/part-0.parquet", f"{ONE}/experiment=1/_metadata.parquet"),
        *(f"{ONE}/experiment=1/part-0.csv", f"{ONE}/experiment=1/", f"{ONE}/.hidden/a.parquet"),
        *("type=results/date=2025-03-01/part-0.parquet", "type=decisions/date=soon/a.parquet"),
        "type=decisions/date=2025-03-01-old/part-0.parquet",
    ):
        export.put(path, b"no")
    assert load().code == 0
    assert set(files()) == {f"{ONE}/experiment=1/part-0.parquet", f"{ONE}/_SUCCESS"}


NAMES = [
    "Add%20to%20cart",
    "add to cart",
    "a=b",
    "größe 漢字 🎈",
    'it\'s "5%"',
    "a+b&c?d#e",
    "~[x]*",
]


def test_names_stay_what_they_are(export: S3Export, load: Load, files: Files) -> None:
    """Whatever a folder is called in the bucket, it is called here."""
    parts = {f"event={name}/part-0.parquet": name.encode() for name in NAMES}
    export.put_day("events", "2025-03-01", parts)
    assert load().code == 0
    assert {path for path in files() if path.endswith("parquet")} == {
        f"{EVENTS}/{path}" for path in parts
    }
    for name in NAMES:
        assert files()[f"{EVENTS}/event={name}/part-0.parquet"] == name.encode()


@pytest.mark.parametrize(
    "path",
    [
        f"{ONE}/../../../out.parquet",
        f"{ONE}/experiment=1/../part-0.parquet",
        f"{ONE}//part-0.parquet",
        f"{ONE}/./part-0.parquet",
    ],
)
def test_a_key_that_leads_elsewhere_is_refused(
    export: S3Export, load: Load, files: Files, path: str
) -> None:
    """It is named, and nothing is fetched."""
    put_two_days(export)
    export.put(path, b"evil")
    refused = load()
    assert refused.code == 2
    assert f"the key '{ROOT}{path}', which would be written outside of its folder" in refused.err
    assert files() == {}


def test_experiments_and_events_can_be_chosen(export: S3Export, load: Load, files: Files) -> None:
    """Each option chooses of its own kind, by the name that people know or the folder's."""
    put_two_days(export)
    parts = {f"event={name}/part-0.parquet": b"x" for name in ("Add%20to%20cart", "view", "buy")}
    export.put_day("events", "2025-03-02", parts)
    assert load("--experiment", "2", "--event", "Add to cart", "--event", "view").code == 0
    assert {path for path in files() if path.endswith("parquet")} == {
        f"{TWO}/experiment=2/part-0.parquet",
        "type=events/date=2025-03-02/event=Add%20to%20cart/part-0.parquet",
        "type=events/date=2025-03-02/event=view/part-0.parquet",
    }
    rest = load("--json", "--to", "2025-03-02")
    # What was not chosen then is new, and no change of what was.
    assert set(rest.statuses.values()) == {"new", "absent"} - {"absent"}
    assert rest.document["file_count"] == 4
    assert len([path for path in files() if path.endswith("parquet")]) == 7


def test_a_name_that_nothing_has_is_told(export: S3Export, load: Load) -> None:
    """With those that there are."""
    put_two_days(export)
    found = load("--experiment", "3", "--type", "decisions")
    assert found.code == 1
    assert found.err == "load_export: None of these days has 3. They have: 1, 2.\n"


def test_a_name_that_nothing_has_among_others_is_told(export: S3Export, load: Load) -> None:
    """It may be rare, and so it fails nothing."""
    put_two_days(export)
    found = load("--experiment", "3", "--experiment", "1", "--event", "by")
    assert (found.code, found.err) == (0, "")
    assert "None of these days has 3. They have: 1, 2.\n" in found.out
    assert "None of these days has by. They have: buy." in found.out


def test_days_of_which_there_is_nothing_are_told(export: S3Export, load: Load) -> None:
    """An empty range is a mistake more often than not."""
    put_two_days(export)
    found = load(days=("--from", "2024-01-01", "--to", "2024-01-31"))
    assert found.code == 1
    assert found.err == (
        f"load_export: s3://{export.bucket}/{ROOT} has nothing from 2024-01-01 to 2024-01-31."
        " Check the dates, --account, --bucket and --prefix.\n"
    )


@pytest.mark.parametrize("change", ["replaced", "added", "removed"])
def test_a_day_that_changed_comes_again(
    export: S3Export, door: S3Door, load: Load, files: Files, change: str
) -> None:
    """It is said; what did not change is not asked for again."""
    put_two_days(export)
    load()
    expected = files()
    if change == "replaced":
        export.put(f"{TWO}/experiment=1/part-0.parquet", b"six")
        expected[f"{TWO}/experiment=1/part-0.parquet"] = b"six"
    elif change == "added":
        export.put(f"{TWO}/experiment=1/part-1.parquet", b"five")
        expected[f"{TWO}/experiment=1/part-1.parquet"] = b"five"
    else:
        export.delete(f"{TWO}/experiment=2/part-0.parquet")
        del expected[f"{TWO}/experiment=2/part-0.parquet"]
    door.requests.clear()
    found = load()
    assert found.code == 0
    said = "Changed since their _SUCCESS, fetched again: decisions 2025-03-02."
    assert said in found.out
    assert files() == expected
    assert len(door.files) == (0 if change == "removed" else 1)
    assert "Changed" not in load().out


def test_files_that_are_newer_than_their_marker_are_told(export: S3Export, load: Load) -> None:
    """Already when they come for the first time."""
    export.put_day("decisions", "2025-03-02", {"experiment=1/part-0.parquet": b"one"})
    sleep(1.1)  # S3 tells whole seconds
    export.put_day("decisions", "2025-03-01", {"experiment=1/part-0.parquet": b"one"})
    export.put(f"{TWO}/experiment=1/part-1.parquet", b"late")
    assert "With files that are newer than their _SUCCESS: decisions 2025-03-02." in load().out


def test_a_day_whose_folder_is_deleted_stays_away(
    export: S3Export, door: S3Door, load: Load, folder: Path, files: Files
) -> None:
    """Unless it is asked for by --refetch."""
    expected = put_two_days(export)
    load()
    shutil.rmtree(folder / ONE)
    door.requests.clear()
    found = load()
    assert found.code == 0
    assert "Removed here, not fetched again (--refetch would): decisions 2025-03-01." in found.out
    assert (door.files, (folder / ONE).exists()) == ([], False)
    assert load("--refetch", days=("--date", "2025-03-01")).code == 0
    assert files() == expected
    assert load("--json").statuses["decisions 2025-03-01"] == "here"


def test_old_days_can_be_removed(
    export: S3Export, door: S3Door, load: Load, folder: Path, files: Files
) -> None:
    """--prune-before alone asks nothing of S3; with days to fetch, older ones don't come."""
    put_two_days(export)
    load()
    own = folder / ONE / "experiment=1" / "mine.txt"
    own.write_text("not fetched")
    door.requests.clear()
    would = load("--prune-before", "2025-03-02", "--dry-run", days=())
    assert would.out == (
        "Would be removed, not to come again: decisions 2025-03-01; events 2025-03-01.\n"
    )
    assert len(files()) == 8
    did = load("--prune-before", "2025-03-02", days=())
    assert did.out == "Removed, not to come again: decisions 2025-03-01; events 2025-03-01.\n"
    assert door.requests == []
    # What is somebody else's stays.
    assert set(files()) == {
        f"{ONE}/experiment=1/mine.txt",
        f"{TWO}/experiment=1/part-0.parquet",
        f"{TWO}/experiment=2/part-0.parquet",
        f"{TWO}/_SUCCESS",
    }
    assert not (folder / EVENTS).exists()
    assert load("--json").document["file_count"] == 0
    assert load("--json", "--prune-before", "2025-03-03").document["pruned"] == [TWO]


def test_a_local_file_that_is_damaged_is_fetched_again(
    export: S3Export, load: Load, folder: Path, files: Files
) -> None:
    """As is one that is missing while its day is there."""
    expected = put_two_days(export)
    load()
    (folder / TWO / "experiment=1" / "part-0.parquet").write_bytes(b"tw0")
    (folder / TWO / "experiment=2" / "part-0.parquet").write_bytes(b"t")
    (folder / EVENTS / "event=buy" / "part-0.parquet").unlink()
    found = load()
    assert found.code == 0
    said = "Damaged or incomplete here, fetched again: decisions 2025-03-02; events 2025-03-01."
    assert said in found.out
    assert files() == expected


def test_a_day_that_left_the_bucket_stays_here(export: S3Export, load: Load, files: Files) -> None:
    """A bucket keeps its days for a time; a marker that is gone says that somebody writes."""
    put_two_days(export)
    load()
    expected = files()
    for path in expected:
        if path.startswith(ONE):
            export.delete(path)
    export.delete(f"{TWO}/_SUCCESS")
    export.delete(f"{TWO}/experiment=1/part-0.parquet")
    found = load()
    assert found.code == 0
    assert "kept here as they were: decisions 2025-03-01 to 2025-03-02." in found.out
    assert files() == expected


def test_a_finished_day_without_a_file_is_told(export: S3Export, load: Load) -> None:
    """It is no day that is missing."""
    put_two_days(export)
    export.put("type=events/date=2025-03-02/_SUCCESS")
    found = load()
    assert found.code == 0
    assert "Finished without a file of what was asked for: events 2025-03-02." in found.out


def test_encrypted_files_and_those_of_many_parts_are_not_held_to_their_etag(
    export: S3Export, load: Load, files: Files
) -> None:
    """S3 decrypts by itself; their ETag is no MD5."""
    export.put(
        f"{ONE}/experiment=1/part-0.parquet",
        b"one",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="alias/export",
    )
    export.put(f"{ONE}/_SUCCESS")
    assert load().code == 0
    assert files()[f"{ONE}/experiment=1/part-0.parquet"] == b"one"


def test_accounts_don_t_mix(
    export: S3Export, load: Load, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """Their days would take each other's places."""
    put_two_days(export)
    load()
    code = load_export.main(["--account", "1", "--date", "2025-03-01", "--output", str(folder)])
    assert code == 2
    said = f"load_export: {folder} holds the export of account {ACCOUNT}. Choose another --output"
    assert capsys.readouterr().err.startswith(said)


def test_the_manifest_says_what_was_fetched(export: S3Export, load: Load, folder: Path) -> None:
    """A file per day, which no build takes for data."""
    put_two_days(export)
    load()
    listed = sorted((folder / ".load_export").rglob("*.json"))
    assert len(listed) == 3
    day = json.loads(listed[1].read_text())
    assert day["source"] == f"s3://{export.bucket}/{ROOT}"
    assert set(day["finished_at"]) == {f"{TWO}/_SUCCESS"}
    file = day["files"][f"{TWO}/experiment=2/part-0.parquet"]
    assert (file["key"], file["size"]) == (f"{ROOT}{TWO}/experiment=2/part-0.parquet", 5)
    assert file["sha256"] == "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f"
    assert file["etag"] == "35d6d33467aae9a2e3dccb4b6b027878"
    assert {"modified_at", "fetched_at"} < set(file)
    assert not [path for path in folder.rglob("*.parquet") if ".load_export" in path.parts]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2025-3-x"], "does not match the format '%Y-%m-%d'"),
        (["--from", "2025-02-30"], "does not match the format '%Y-%m-%d'"),
        (["--from", "2025-03-02", "--to", "2025-03-01"], "--to 2025-03-01 is before --from"),
        (["--to", "2025-03-01"], "--to needs --from DATE, the first day."),
        ([], "which days? Name them by --from DATE and --to DATE, or by --date DATE."),
        (["--date", "2025-03-01", "--to", "2025-03-01"], "--date is one day, and --from and --to"),
        (["--date", "2025-03-01", "--type", "calls"], "'calls' is not one of"),
        (["--date", "2025-03-01", "--type", "events", "--experiment", "1"], "--experiment chooses"),
        (["--date", "2025-03-01", "--type", "decisions", "--event", "x"], "--event chooses"),
        (["--date", "2025-03-01", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["--date", "2025-03-01", "--account", "1/../2"], "'1/../2' is none"),
        (["--date", "2025-03-01", "--output", ""], "where to? Name a folder by --output DIR"),
        (["--date", "2025-03-01", "--output", "s3://b/x"], "the data folder is on S3."),
        (["--date", "2025-03-01", "--output", __file__], "is no folder. Name one by --output"),
        (["--date", "2025-03-01", "--accuont", "1"], "--accuont"),
        (["--prune-before", "2025-03-01"], "nothing was fetched into"),
    ],
)
@pytest.mark.usefixtures("export")
def test_wrong_arguments_are_one_line(
    load: Load, door: S3Door, arguments: list[str], said: str
) -> None:
    """Nothing is asked of S3."""
    refused = load(*arguments, days=())
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1
    assert door.requests == []


@pytest.mark.usefixtures("export")
def test_without_an_account_there_is_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says both ways out."""
    assert load_export.main(["--date", "2025-03-01", "--output", str(folder)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("load_export: whose export? Name the account by --account ID, or set")


def test_another_prefix(export: S3Export, load: Load, files: Files) -> None:
    """A copy of the export may lie anywhere in a bucket."""
    export._client.put_object(  # noqa: SLF001 - outside of the account's folder
        Bucket=export.bucket,
        Key=f"copies/mine/account_id={ACCOUNT}/{ONE}/experiment=1/part-0.parquet",
        Body=b"x",
    )
    export._client.put_object(  # noqa: SLF001
        Bucket=export.bucket, Key=f"copies/mine/account_id={ACCOUNT}/{ONE}/_SUCCESS"
    )
    assert load("--prefix", "/copies/mine").code == 0
    assert set(files()) == {f"{ONE}/experiment=1/part-0.parquet", f"{ONE}/_SUCCESS"}


def test_many_files_come_side_by_side(
    export: S3Export, door: S3Door, load: Load, files: Files
) -> None:
    """As many at once as --jobs says."""
    parts = {f"experiment={number}/part-0.parquet": b"x" * number for number in range(12)}
    export.put_day("decisions", "2025-03-01", parts)
    door.faults.append(Fault("part-0", times=12, delay=0.2))
    assert load("--jobs", "12").code == 0
    assert len(files()) == 13
