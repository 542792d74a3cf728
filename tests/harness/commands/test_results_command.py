"""scripts/results: what it shows of small published files, and of the sample."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pipeline import results

Row = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]

AS_OF = datetime(2020, 9, 16, 12)  # noqa: DTZ001 - as the tables have it: UTC, unsaid
HOSTILE = "ban\x1b[2Jner [bold]\r\n\u202e:smile:"
RESULT_COLUMNS = (
    "experiment_id varchar, metric_name varchar, variation_id varchar, variation_name varchar,"
    " estimator varchar, is_headline boolean, unit_count bigint, metric_value double,"
    " absolute_lift double, absolute_lift_ci_low double, absolute_lift_ci_high double,"
    " relative_lift double, relative_lift_ci_low double, relative_lift_ci_high double,"
    " p_value double, adjusted_p_value double, sequential_p_value double, status varchar,"
    " status_reason varchar"
)
BUILD_COLUMNS = (
    ", reference_variation_id varchar, reference_metric_value double, chance_to_win double,"
    " days_to_target bigint, confidence_level double"
)
TABLES = {
    "dim_experiments": (
        "experiment_id varchar, experiment_name varchar, unit_count bigint,"
        " first_exposed_at timestamp, last_exposed_at timestamp, starts_at timestamp,"
        " ends_at timestamp, primary_metric varchar, as_of_at timestamp"
    ),
    "dim_variations": (
        "experiment_id varchar, variation_id varchar, variation_name varchar,"
        " is_reference_variation boolean, unit_count bigint"
    ),
    "dim_metrics": "metric_name varchar, unit varchar, currency varchar, currency_decimals integer,"
    " direction varchar, is_guardrail boolean",
    "experiment_decisions": (
        "experiment_id varchar, variation_id varchar, variation_name varchar, verdict varchar,"
        " rule varchar, reason varchar, planned_until_at timestamp, as_of_at timestamp"
    ),
    "experiment_results": RESULT_COLUMNS + BUILD_COLUMNS,
    "experiment_results_by_segment": (
        f"{RESULT_COLUMNS}{BUILD_COLUMNS}, segment_name varchar, segment_value varchar"
    ),
    "experiment_results_by_day": f"{RESULT_COLUMNS}{BUILD_COLUMNS}, as_of_date date",
    "experiment_result_intervals": (
        f"{RESULT_COLUMNS}, baseline_variation_id varchar, baseline_metric_value double,"
        " confidence_level double"
    ),
}
REVENUE: Row = {
    "metric_name": "Revenue",
    "estimator": "cuped",
    "unit_count": 100,
    "metric_value": 4500.0,
    "absolute_lift": 500.0,
    "absolute_lift_ci_low": -100.0,
    "absolute_lift_ci_high": 1100.0,
    "relative_lift": 0.125,
    "relative_lift_ci_low": -0.025,
    "relative_lift_ci_high": 0.275,
    "p_value": 0.1,
    "adjusted_p_value": 0.15,
    "status": "ok",
}
ORDERS: Row = {
    "metric_name": "Orders",
    "estimator": "raw",
    "unit_count": 100,
    "metric_value": 0.25,
    "absolute_lift": 0.25,
    "absolute_lift_ci_low": 0.125,
    "absolute_lift_ci_high": 0.375,
    "p_value": 0.00001,
    "adjusted_p_value": 0.00002,
    "status": "ok",
}
CALLS: Row = {
    "metric_name": "Calls",
    "estimator": "raw",
    "unit_count": 1,
    "metric_value": 3.0,
    "status": "few_units",
    "status_reason": "One unit is too few.",
}


def compared(row: Row, reference_value: float, **more: object) -> Row:
    """Give a row of the build's results about the variation `new`."""
    return {
        "experiment_id": "1",
        "variation_id": "1-1",
        "variation_name": "new",
        "is_headline": True,
        "reference_variation_id": "1-0",
        "reference_metric_value": reference_value,
        "confidence_level": 0.95,
        **row,
        **more,
    }


def interval(row: Row, baseline: str, level: float, **more: object) -> Row:
    """Give a row of the intervals."""
    given = compared(row, 0, confidence_level=level, baseline_variation_id=baseline, **more)
    del given["reference_variation_id"], given["reference_metric_value"]
    return {**given, "baseline_metric_value": 4000.0}


def published_rows(name: str) -> dict[str, list[Row]]:
    """Give the rows of an experiment of that name, by table."""
    chance = {"chance_to_win": 0.95, "days_to_target": 1234}
    reference = {
        "variation_id": "1-0",
        "variation_name": "control",
        "reference_variation_id": None,
        "status": "reference",
    }
    return {
        "dim_experiments": [
            {
                "experiment_id": "1",
                "experiment_name": name,
                "unit_count": 2200,
                "primary_metric": "Revenue",
                "as_of_at": AS_OF,
            }
        ],
        "dim_variations": [
            {
                "experiment_id": "1",
                "variation_id": f"1-{number}",
                "variation_name": variation,
                "is_reference_variation": number == 0,
                "unit_count": 1100,
            }
            for number, variation in enumerate(("control", "new"))
        ],
        "dim_metrics": [
            {
                "metric_name": "Revenue",
                "unit": "money",
                "currency_decimals": 2,
                "direction": "increase",
            },
            {"metric_name": "Orders", "unit": "share", "direction": "increase"},
            {"metric_name": "Calls", "unit": "count", "is_guardrail": True},
        ],
        "experiment_decisions": [
            {
                "experiment_id": "1",
                "variation_id": "1-1",
                "variation_name": "new",
                "verdict": "inconclusive",
                "rule": "too_early",
                "reason": "Wait.",
                "planned_until_at": datetime(2020, 9, 18, 13),  # noqa: DTZ001 - as above
                "as_of_at": AS_OF,
            }
        ],
        "experiment_results": [
            compared(REVENUE, 4000.0, **chance),
            # What no verdict is made from.
            compared(REVENUE, 9999.0, estimator="raw", is_headline=False, metric_value=9999.0),
            compared(ORDERS, 0.0, chance_to_win=1.0),
            compared(CALLS, 2.0),
            compared(REVENUE, 4000.0, **reference),
        ],
        "experiment_results_by_segment": [
            compared(REVENUE, 4000.0, segment_name="browser", segment_value="chrome", **chance),
            compared(CALLS, 2.0, segment_name="browser", segment_value="safari"),
            compared(ORDERS, 0.0, segment_name="country", segment_value="US"),
        ],
        "experiment_results_by_day": [
            compared(CALLS, 2.0, as_of_date=date(2020, 9, 14)),
            compared(CALLS, 2.0, as_of_date=date(2020, 9, 15)),
            compared(REVENUE, 4000.0, as_of_date=date(2020, 9, 14), **chance),
        ],
        "experiment_result_intervals": [
            interval(REVENUE, "1-0", 0.9, relative_lift_ci_low=0.001, relative_lift_ci_high=0.249),
            interval(REVENUE, "1-0", 0.95),
            interval(
                REVENUE,
                "1-1",
                0.95,
                variation_id="1-0",
                variation_name="control",
                metric_value=4000.0,
                relative_lift=-0.1111,
            ),
        ],
    }


def make_warehouse(path: Path, name: str = "banner") -> Path:
    """Publish one experiment of two variations."""
    rows = published_rows(name)
    with duckdb.connect(str(path)) as connection:
        for table, columns in TABLES.items():
            connection.execute(f"create table {table} ({columns})")
            for row in rows[table]:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
                )
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Give a published file."""
    return make_warehouse(tmp_path / "published.duckdb")


@pytest.fixture
def run(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Give the command, run in this process."""

    def run_on(*arguments: str, path: Path = warehouse) -> tuple[int, str, str]:
        monkeypatch.setenv("WAREHOUSE_PATH", str(path))
        code = results.main(arguments)
        said = capsys.readouterr()
        assert said.err.count("\n") == (code != 0)
        return code, said.out, said.err

    return run_on


HEAD = (
    "banner (1): 2,200 units as of 2020-09-16 12:00:00 UTC\n"
    "  compared with control (1-0), intervals of 95%\n"
    "\n"
    "new (1-1): 1,100 units; inconclusive (too_early)\n"
    "  Wait.\n"
    "  planned end: 2020-09-18, 3 days left\n"
)


def lines(*cells: str) -> str:
    """Write the lines of a table as it stands below a variation."""
    return "".join(f"  {line}\n" for line in cells)


def test_experiments_are_listed(run: Run) -> None:
    """Without an experiment it says which there are, and what was decided."""
    code, out, _ = run()
    assert code == 0
    assert out == lines(
        "experiment  id  verdicts           units                    as of",
        "banner      1   new: inconclusive  2,200  2020-09-16 12:00:00 UTC",
    )


@pytest.mark.parametrize("wanted", ["1", "banner"])
def test_the_headline_is_shown(run: Run, wanted: str) -> None:
    """The estimator of the verdict, money as money, an absolute lift over nothing, and reasons."""
    code, out, _ = run(wanted)
    assert code == 0
    assert out == HEAD + lines(
        "metric                    in           control     new     lift        95% interval"
        "         p  adjusted p  chance to win  days to power",
        "Revenue (cuped), primary  cents / 100    40.00   45.00  +12.50%   -2.50% to +27.50%"
        "    0.1000      0.1500          0.950          1,234",
        "Calls, guardrail          count         2.0000  3.0000        -                   -"
        "         -           -              -              -",
        "Orders                    share         0.0000  0.2500  +0.2500  +0.1250 to +0.3750"
        "  < 0.0001    < 0.0001          1.000              -",
        "Calls: few_units. One unit is too few.",
    )


def test_metrics_are_chosen(run: Run) -> None:
    """One or several; the others are left out."""
    _, one, _ = run("banner", "--metric", "Orders")
    assert "Orders" in one
    assert "Revenue" not in one
    _, two, _ = run("banner", "--metric", "Orders", "--metric", "Revenue")
    assert "Orders" in two
    assert "Revenue" in two
    assert "Calls" not in two


def test_segments_are_shown(run: Run) -> None:
    """All values of one, or one of them."""
    _, out, _ = run("banner", "--segment", "browser")
    assert "in           browser  units  control" in out
    assert "cents / 100  chrome     100    40.00   45.00" in out
    assert "Calls: few_units. One unit is too few. (safari)\n" in out
    assert "Orders" not in out
    _, chrome, _ = run("banner", "--segment", "browser=chrome")
    assert "chrome" in chrome
    assert "safari" not in chrome


def test_days_are_shown(run: Run) -> None:
    """Each day's state; a reason that is the same for all days is given once."""
    _, out, _ = run("banner", "--by-day")
    assert "cents / 100  2020-09-14          100    40.00   45.00" in out
    assert "One unit is too few. (2020-09-14 to 2020-09-15, 2 rows)\n" in out


def test_another_level_is_shown(run: Run) -> None:
    """The interval of that level, against the same reference; the build's verdict stays out."""
    for wanted in (".9", "0.90", "90%"):
        _, out, _ = run("banner", "--confidence", wanted)
        assert "compared with control (1-0), intervals of 90%\n" in out
        assert "90% interval" in out
        assert "+12.50%  +0.10% to +24.90%" in out
        assert "inconclusive" not in out


def test_another_baseline_is_shown(run: Run) -> None:
    """At the level of the build, if none is given."""
    _, out, _ = run("banner", "--baseline", "new")
    assert "compared with new (1-1), intervals of 95%\n" in out
    assert "\ncontrol (1-0): 1,100 units\n" in out
    assert "cents / 100  40.00    40.00  -11.11%" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["poster"], "There is no experiment 'poster'. There are: banner (1)."),
        ([""], "EXPERIMENT is empty."),
        (["banner", "more"], "unrecognized arguments: more."),
        (["banner", "--metrc", "x"], "unrecognized arguments: --metrc. Did you mean --metric?"),
        (["--by-day"], "EXPERIMENT is needed with these options."),
        (["banner", "--metric", "Order"], "no metric 'Order'. Did you mean 'Orders'? There are: "),
        (["banner", "--segment", "brows"], "no segment 'brows'. Did you mean 'browser'?"),
        (["banner", "--segment", "browser=ie"], "no browser 'ie'. There are: chrome, safari."),
        (["banner", "--by-day", "--segment", "browser"], "don't go together"),
        (["banner", "--by-day", "--baseline", "new"], "are for the whole experiment"),
        (["banner", "--segment", "browser", "--confidence", ".9"], "for the whole experiment"),
        (["banner", "--baseline", "old"], "no variation 'old'. There are: control (1-0), new"),
        (["banner", "--confidence", "95"], "--confidence is '95', but must be above 0 and below 1"),
        (["banner", "--confidence", "nan"], "but must be above 0 and below 1"),
        (["banner", "--confidence", ".8"], "no intervals of 80% for this experiment, but of 90%, "),
    ],
)
def test_wrong_arguments_are_told(run: Run, arguments: list[str], message: str) -> None:
    """One line says what is wrong and what there is."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_what_an_older_file_lacks_is_told(run: Run, warehouse: Path) -> None:
    """Without the intervals there is no other baseline; without the level it isn't said."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table experiment_result_intervals")
        connection.execute("alter table experiment_results drop column confidence_level")
    _, out, _ = run("banner")
    assert "compared with control (1-0)\n" in out
    assert "95%" not in out
    code, _, err = run("banner", "--confidence", ".9")
    assert code == 2
    assert "There is no table experiment_result_intervals in what is published" in err
    assert "Give --confidence." in run("banner", "--baseline", "new")[2]


def test_what_can_not_be_read_is_told(run: Run, warehouse: Path, tmp_path: Path) -> None:
    """No file, or no database, is one line."""
    missing = tmp_path / "nowhere.duckdb"
    assert "There are no results at" in run("banner", path=missing)[2]
    warehouse.write_bytes(b"no database")
    code, out, err = run("banner")
    assert (code, out) == (2, "")
    assert "can't be read" in err


def test_one_document_is_all_that_json_prints(run: Run) -> None:
    """Numbers are as in the tables, money in cents; what goes wrong is a document too."""
    code, out, _ = run("banner", "--metric", "Revenue", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["experiment"]["as_of_at"] == "2020-09-16T12:00:00Z"
    assert document["experiment"]["decisions"][0]["days_to_planned_end"] == 3
    assert document["reference_variation_name"] == "control"
    assert document["confidence_level"] == 0.95
    shown = [row for row in document["results"] if row["status"] != "reference"]
    assert [(row["metric_value"], row["unit"]) for row in shown] == [(4500.0, "money")]
    assert json.loads(run("--json")[1])["experiments"][0]["experiment_name"] == "banner"
    code, out, err = run("poster", "--json")
    assert json.loads(out) == {"error": err.removeprefix("results: ").strip(), "exit_code": code}


def test_help_is_no_mistake(run: Run) -> None:
    """It names every option."""
    code, out, _ = run("--help")
    assert code == 0
    assert out.startswith("Usage: ")
    for option in ("--metric", "--segment", "--by-day", "--baseline", "--confidence", "--json"):
        assert option in out


def test_hostile_names_stay_in_their_lines(run: Run, tmp_path: Path) -> None:
    """What a terminal would obey is shown instead; brackets and colons are no markup."""
    path = make_warehouse(tmp_path / "hostile.duckdb", HOSTILE)
    for arguments in ([], [HOSTILE]):
        code, out, _ = run(*arguments, path=path)
        assert code == 0
        assert "ban\\x1b[2Jner [bold] \\x202e:smile:" in out
        assert all(c.isprintable() or c == "\n" for c in out)


def test_a_narrow_terminal_cuts_no_number(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are folded; numbers stay whole."""
    size = os.terminal_size((60, 20))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_, **__: size)
    _, out, _ = run("banner")
    for number in ("+12.50%", "-2.50% to +27.50%", "0.1500", "1,234", "< 0.0001"):
        assert number in out
    assert "Revenue (cuped), primary" not in out


def test_the_sample_s_verdicts_stand_beside_their_numbers(run: Run, sample_build: Path) -> None:
    """Lift and interval of a verdict's reason are those of the primary metric's line."""
    with duckdb.connect(str(sample_build), read_only=True) as connection:
        decisions = connection.execute(
            "select experiment_id, variation_id, relative_lift, relative_lift_ci_low,"
            " relative_lift_ci_high from experiment_decisions"
        ).fetchall()
    assert len(decisions) == 6
    for experiment, variation, lift, low, high in decisions:
        _, out, _ = run(experiment, path=sample_build)
        block = out.split(f"({variation}): ")[1].split("\n\n")[0]
        primary = next(line for line in block.splitlines() if ", primary" in line)
        assert f"{lift:+.2%}" in primary
        assert f"{low:+.2%} to {high:+.2%}" in primary
