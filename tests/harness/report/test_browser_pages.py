"""Pages in a browser: their numbers are the tables', no data run, nothing is asked for."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from browser import SIZES, Visit, visit
from browser_fixtures import OddPage, Opened
from odd_worlds import HOSTILE
from playwright.sync_api import Browser
from report_page import write_pages
from report_world import World, write_world
from results_page import formats, render
from results_page.report import INDEX
from shown_numbers import read_number

COVID, BUTTON = "covid_messaging_experiment", "button_colour_test"
EXPERIMENTS = (COVID, BUTTON, "saved_designs_gate")
# What can be seen of the scorecard, by metric and variation.
READ_SCORECARD = """
    [...document.querySelectorAll('tr.result')].filter(row => row.checkVisibility()).map(row => {
        const text = selector => row.querySelector(selector).textContent;
        return {
            metric: row.closest('tbody').querySelector('.metric-name').textContent,
            variation: text('.c-variation'),
            baseline: text('.c-baseline b'), baselineUnits: text('.c-baseline small'),
            value: text('.c-value b'), units: text('.c-value small').split(' / ').at(-1),
            change: text('.c-change b'), interval: text('.c-change small'),
            p: text('.c-p'), chance: text('.c-chance'),
        };
    })
"""


# --- numbers --------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=EXPERIMENTS)
def experiment(
    request: pytest.FixtureRequest, browser: Browser, sample_folder: Path
) -> Iterator[tuple[str, Visit]]:
    """Give an experiment of the sample, and its page, open."""
    with visit(browser, sample_folder / f"{request.param}.html") as seen:
        yield request.param, seen
        assert seen.accidents == []


def options(seen: Visit, control: str) -> dict[str, str]:
    """Give what a control offers: the texts with their values."""
    found: dict[str, str] = seen.page.eval_on_selector_all(
        f"#{control} option",
        "options => Object.fromEntries(options.map(each => [each.textContent, each.value]))",
    )
    return found


def compare(
    seen: Visit,
    rows: list[dict[str, Any]],
    units: dict[str, str],
    *,
    baseline: str = "reference",
    is_absolute: bool = False,
) -> int:
    """Hold what can be seen against a table's rows; give how many there are."""
    wanted = {(row["metric_name"], row["variation_name"]): row for row in rows}
    shown = seen.page.evaluate(READ_SCORECARD)
    for each in shown:
        row, unit = wanted[each["metric"], each["variation"]], units[each["metric"]]
        # Where there is no relative change, the absolute one is shown.
        if is_absolute or row["relative_lift"] is None:
            change, of_change = "absolute_lift", unit
        else:
            change, of_change = "relative_lift", ""
        low, high = each["interval"].split(" to ") if each["interval"] else [formats.MISSING] * 2
        for text, column, unit_of in (
            (each["baseline"], f"{baseline}_metric_value", unit),
            (each["baselineUnits"], f"{baseline}_unit_count", ""),
            (each["value"], "metric_value", unit),
            (each["change"], change, of_change),
            (low, f"{change}_ci_low", of_change),
            (high, f"{change}_ci_high", of_change),
            (each["p"], "adjusted_p_value", ""),
            (each["chance"], "chance_to_win", ""),
        ):
            number = row.get(column)
            if number is None:
                assert text == formats.MISSING, (column, each, row)
            else:
                assert read_number(text).fits(number, unit_of), (column, each, row)
    # What is one value for all isn't compared.
    folded = {key for key, row in wanted.items() if row["status"] == "zero_variance"}
    assert wanted.keys() - folded <= {(each["metric"], each["variation"]) for each in shown}
    return len(shown)


def rows_of(
    sample: duckdb.DuckDBPyConnection, table: str, experiment: str, where: str = "true"
) -> list[dict[str, Any]]:
    """Read a table's headline rows of an experiment."""
    found = sample.execute(
        f"from main.{table} where is_headline and status <> 'reference' and experiment_name = ?"
        f" and {where}",
        [experiment],
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def units(sample: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Give the units of metrics."""
    return dict(sample.execute("select metric_name, unit from dim_metrics").fetchall())


def test_the_scorecard_shows_the_results(
    sample: duckdb.DuckDBPyConnection, experiment: tuple[str, Visit], units: dict[str, str]
) -> None:
    """In relative and in absolute numbers."""
    name, seen = experiment
    rows = rows_of(sample, "experiment_results", name)
    seen.page.check("input[value=absolute]")
    assert compare(seen, rows, units, is_absolute=True) > 2
    seen.page.check("input[value=relative]")
    assert compare(seen, rows, units) > 2


def test_every_baseline_and_level_is_that_of_the_table(
    sample: duckdb.DuckDBPyConnection, experiment: tuple[str, Visit], units: dict[str, str]
) -> None:
    """Of `experiment_result_intervals`."""
    name, seen = experiment
    compared = 0
    for baseline, place in options(seen, "baseline").items():
        seen.choose("baseline", place)
        for level, chosen in options(seen, "level").items():
            seen.choose("level", chosen)
            if not place and not chosen:
                continue
            where = (
                f"baseline_variation_name = '{baseline}'"
                f" and round(100 * confidence_level, 6) = {level.rstrip('%')}"
            )
            rows = rows_of(sample, "experiment_result_intervals", name, where)
            assert rows
            compared += compare(seen, rows, units, baseline="baseline")
            assert seen.shown("#exploring")[0].startswith("You are exploring:")
    assert compared > 20
    seen.choose("baseline", "")
    seen.choose("level", "")
    assert seen.shown("#exploring") == []


def test_every_segment_is_that_of_the_table(
    sample: duckdb.DuckDBPyConnection, experiment: tuple[str, Visit], units: dict[str, str]
) -> None:
    """Of `experiment_results_by_segment`, whose values are all offered."""
    name, seen = experiment
    offered = options(seen, "segment")
    there = sample.execute(
        "select distinct segment_name || ': ' || segment_value, segment_name, segment_value"
        " from experiment_results_by_segment where experiment_name = ?",
        [name],
    ).fetchall()
    assert offered.keys() - {"All"} == {text for text, *_ in there}
    for text, *segment in there:
        seen.choose("segment", offered[text])
        where = " and ".join(
            f"{column} = '{value}'"
            for column, value in zip(("segment_name", "segment_value"), segment, strict=True)
        )
        rows = rows_of(sample, "experiment_results_by_segment", name, where)
        assert compare(seen, rows, units) > 2
    seen.choose("segment", "")


def test_the_facts_are_the_tables(
    sample: duckdb.DuckDBPyConnection, experiment: tuple[str, Visit]
) -> None:
    """Units, their variations, and the day of the planned end."""
    name, seen = experiment
    units, planned = sample.execute(
        "select unit_count, planned_until_at from dim_experiments where experiment_name = ?",
        [name],
    ).fetchall()[0]
    facts = " ".join(seen.shown("dl.facts")[0].split())
    assert f"{units:,}" in facts
    assert f"{planned.day} {planned:%b %Y}" in facts


def test_the_index_shows_the_primary_metric(
    sample: duckdb.DuckDBPyConnection, sample_folder: Path, opened: Opened
) -> None:
    """Its lift in every variation of every experiment."""
    seen = opened(sample_folder / INDEX)
    for name in EXPERIMENTS:
        row = f"tr[data-name='{name}']"
        bars = dict(
            zip(
                seen.shown(f"{row} .bar-name"),
                seen.shown(f"{row} .bars .number"),
                strict=True,
            )
        )
        lifts = dict(
            sample.execute(
                "select variation_name, relative_lift from experiment_results"
                " inner join dim_experiments using (experiment_id)"
                " where is_headline and status = 'ok' and metric_name = primary_metric"
                " and dim_experiments.experiment_name = ?",
                [name],
            ).fetchall()
        )
        assert bars.keys() == lifts.keys()
        assert all(read_number(bars[each]).fits(lift) for each, lift in lifts.items())


# --- what a newcomer can tell ---------------------------------------------------------------------

TOLD = {
    COVID: (
        *("Ship message_2", "message_1 is inconclusive", "Purchase conversion rate"),
        *("4.93% → 6.70%", "Plausible range +9.1% to +62.4%; chance to win 99.9%"),
        *("By browser: clear in firefox; chrome and safari point the same way.", "control"),
        *("None defined", "Nothing in this experiment is watched for harm.", "Planned end passed"),
        *("2 things to know", "10,000", "Rule: better after the planned duration."),
    ),
    BUTTON: (
        *("green wins, but don’t ship it yet", "harm to Page views per visitor is not ruled out"),
        *("blue", "Visited sign-up rate is worse in country BR: −45.7%.", "28 days left"),
        *("+6.7% to +34.7%, valid at every look", "clear in DE, GB and US"),
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_newcomer_can_tell_what_happened(name: str, sample_folder: Path, opened: Opened) -> None:
    """In the first screen: who won, against what, how sure, for whom, and what is left to wait."""
    seen = opened(sample_folder / f"{name}.html", viewport=SIZES["wide"])
    first = seen.page.evaluate(
        """[...document.querySelectorAll('h1, .lead, .eyebrow, .verdicts, .facts dt, .facts dd')]
            .filter(each => each.getBoundingClientRect().bottom <= innerHeight)
            .map(each => each.innerText.replace(/[ \\n]+/g, ' ')).join(' ')"""
    )
    assert [text for text in TOLD[name] if text not in first] == []


# --- what is in the data does nothing -------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_nothing_runs(name: str, odd_page: OddPage, opened: Opened) -> None:
    """Neither when a page is opened nor when everything in it is used."""
    path = odd_page(name)
    for file in (path, path.with_name(INDEX)):
        seen = opened(file)
        page = seen.page
        for control in page.locator("select").all():
            for place in range(control.locator("option").count()):
                control.select_option(index=place)
        for button in page.locator("main button:not(#csv), details > summary").all():
            if button.is_visible():
                button.click()
        for radio in page.locator("input[type=radio]").all():
            radio.check(force=True)
        page.fill("#find", "x<img>")
        page.mouse.move(300, 300)
        assert seen.accidents == []
        assert seen.violations == []
        assert page.evaluate("window.hit === undefined")
        assert seen.requests == [file.as_uri()]


def test_the_policy_stops_what_is_not_named(sample_folder: Path, opened: Opened) -> None:
    """Were a script to come in, it would not run; so the test above can fail."""
    seen = opened(sample_folder / INDEX)
    seen.page.evaluate(
        """() => {
            document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hit=1">'
                + '<p style="color:red">');
            const script = document.createElement('script');
            script.textContent = 'window.hit = 1';
            document.body.append(script);
        }"""
    )
    seen.page.wait_for_function("window.violations.length >= 3")
    assert seen.page.evaluate("window.hit === undefined")
    assert {each.split()[0] for each in seen.violations} >= {"img-src", "script-src-elem"}
    assert seen.accidents


# --- nothing is asked of the network --------------------------------------------------------------


@pytest.fixture(scope="module")
def large_folder(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a report whose page has parts beside it."""
    folder = tmp_path_factory.mktemp("large")
    world = write_world(folder / "large.duckdb", sample_build, World(variations=3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "MOST_ROWS", 5)
        patch.setattr(render, "MOST_DETAIL", 1000)
        write_pages(world, folder / "report")
    return folder / "report"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(large_folder: Path) -> Iterator[str]:
    """Serve that report; give its address."""
    handler = functools.partial(_Quiet, directory=str(large_folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("is_served", [False, True])
def test_only_its_own_parts_are_asked_for(
    *, is_served: bool, large_folder: Path, served: str, opened: Opened
) -> None:
    """When they are needed and not before, each once; from disk as from a server."""
    start = served if is_served else large_folder.as_uri()
    seen = opened(f"{start}/experiment.html")
    assert seen.requests == [f"{start}/experiment.html"]
    before = seen.page.evaluate(READ_SCORECARD)
    for value in ("1", "", "1"):
        with seen.page.expect_event("framenavigated"):
            seen.choose("baseline", value)
    assert seen.page.evaluate(READ_SCORECARD) != before
    parts = "experiment.parts"
    assert seen.requests[1:] == [f"{start}/{parts}/against-1.js"]
    seen.page.click("text=Estimators, time, segments, definition >> nth=0")
    assert seen.page.locator("h1").inner_text() == "Metric 0"
    seen.page.click("nav >> text=experiment")
    assert seen.accidents == []


def test_without_its_parts_a_page_says_so(
    large_folder: Path, tmp_path: Path, browser: Browser
) -> None:
    """And shows what it has: a choice that can't be had isn't taken."""
    alone = tmp_path / "experiment.html"
    alone.write_bytes((large_folder / "experiment.html").read_bytes())
    with visit(browser, alone) as seen:
        before = seen.page.evaluate(READ_SCORECARD)
        seen.choose("baseline", "1")
        seen.page.wait_for_selector("text=This part of the report is not beside the page")
        assert seen.page.evaluate(READ_SCORECARD) == before
        assert seen.page.locator("#baseline").input_value() == ""


# --- without a script -----------------------------------------------------------------------------


def test_everything_can_be_read_without_a_script(sample_folder: Path, opened: Opened) -> None:
    """All numbers and what lies behind metrics; no control is there that does nothing."""
    with_script = opened(sample_folder / "covid_messaging_experiment.html")
    numbers = with_script.page.evaluate(READ_SCORECARD)
    seen = opened(sample_folder / "covid_messaging_experiment.html", java_script_enabled=False)
    page = seen.page
    assert page.locator("h1").inner_text() == "Ship message_2"
    shown = " ".join(page.locator("#metrics").inner_text().split())
    for row in numbers:
        for text in (row["value"], row["change"], row["interval"]):
            assert " ".join(text.split()) in shown, row
    page.click("summary >> text=Estimators, time, segments, definition >> nth=0")
    assert page.locator("h3 >> text=Over time, cumulative >> visible=true").count() == 1
    assert page.locator(":is(button, select, input):visible").count() == 0
    index = opened(sample_folder / INDEX, java_script_enabled=False).page
    index.click("text=covid_messaging_experiment")
    assert index.locator("h1").inner_text() == "Ship message_2"
