"""Every control of the pages, as a person uses it: by mouse, by keyboard, by a link, on paper."""

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pytest
from browser import Visit
from browser_fixtures import OddPage, Opened
from results_page.report import INDEX

COVID = "covid_messaging_experiment.html"
BUTTON = "button_colour_test.html"
METRICS = "#metrics button.metric-name"
HEADER = ["metric", "variation", "baseline", "segment", "units", "baseline_units", "value"]


@pytest.fixture
def covid(sample_folder: Path, opened: Opened) -> Visit:
    """Give the page of a finished experiment."""
    return opened(sample_folder / COVID)


@pytest.fixture
def button(sample_folder: Path, opened: Opened) -> Visit:
    """Give the page of a running experiment."""
    return opened(sample_folder / BUTTON)


def changes(seen: Visit) -> list[str]:
    """Give the changes of the scorecard that can be seen."""
    return seen.shown(".result .c-change b")


def read_csv(seen: Visit, selector: str) -> list[list[str]]:
    """Download a table."""
    with seen.page.expect_download() as caught:
        seen.page.click(selector)
    text = caught.value.path().read_bytes().decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text)))


# --- the scorecard --------------------------------------------------------------------------------


def test_metrics_are_found_by_name_and_tag(covid: Visit) -> None:
    """And groups without one are gone."""
    covid.page.fill("#find", "  SUPPORT calls ")
    assert covid.shown(METRICS) == ["Customer support calls per visitor"]
    assert [text.split("\n")[0] for text in covid.shown("tbody.group")] == [
        "Guardrails None: nothing in this experiment is watched for harm.",
        "Secondary",
    ]
    covid.page.fill("#find", "no such")
    assert covid.shown(METRICS) == []
    assert covid.shown("#nothing") == ["No metric fits. Clear the search or show all metrics."]
    covid.page.fill("#find", "")
    assert len(covid.shown(METRICS)) == 5


def test_clear_results_alone(covid: Visit) -> None:
    """By what is chosen: at 80% more may be clear."""
    covid.choose("show", "clear")
    clear = {
        "Purchase conversion rate",
        "Electronics revenue per visitor",
        "Product detail page views per visitor",
    }
    assert set(covid.shown(METRICS)) == clear
    covid.choose("baseline", "2")
    assert "Customer support calls per visitor" not in covid.shown(METRICS)
    covid.choose("show", "")
    assert len(covid.shown(METRICS)) == 5


def test_another_view_is_said_and_left_again(covid: Visit) -> None:
    """A segment with another baseline is nothing that there is: one of them goes back."""
    own = changes(covid)
    covid.choose("level", "80%")
    covid.choose("baseline", "1")
    assert covid.shown("#exploring")[0].startswith(
        "You are exploring: compared with message_1, at 80% confidence. The verdict above was made"
        " with control, all visitors, 95%."
    )
    assert covid.shown("#baseline-name") == ["message_1"]
    covid.choose("segment", "0")
    assert covid.page.input_value("#level") == covid.page.input_value("#baseline") == ""
    assert changes(covid) != own
    covid.page.click("text=Back to what decided")
    assert covid.shown("#exploring") == []
    assert changes(covid) == own
    assert covid.page.evaluate("document.activeElement.id") == "baseline"


def test_absolute_changes(covid: Visit) -> None:
    """Have their unit: percentage points, money, minutes."""
    covid.page.check("input[value=absolute]")
    shown = changes(covid)
    assert "+1.77\xa0pp" in shown
    assert any(text.endswith("\xa0min") for text in shown)
    covid.page.check("input[value=relative]")
    assert all(text.endswith("%") for text in changes(covid))


def test_a_reason_goes_with_its_number(odd_page: OddPage, opened: Opened) -> None:
    """Why a number is missing isn't said of another view's number."""
    seen = opened(odd_page("missing numbers"))
    reading = ".result:not([hidden]) .c-reading >> nth=0"
    assert seen.page.get_attribute(reading, "title") == "The control is 0."
    seen.choose("level", "80%")
    assert seen.page.get_attribute(reading, "title") is None
    seen.choose("level", "")
    assert seen.page.get_attribute(reading, "title") == "The control is 0."


def test_what_lies_behind_a_metric(covid: Visit) -> None:
    """Opens and closes, and says so to those who can't see it."""
    button = covid.page.locator(METRICS).first
    region = covid.page.locator(f"#{button.get_attribute('aria-controls')}")
    for state in ("true", "false"):
        button.click()
        assert button.get_attribute("aria-expanded") == state
        assert region.locator("h3").first.is_visible() is (state == "true")


# --- links ----------------------------------------------------------------------------------------

CHOSEN = "baseline=1&level=80%25&scale=absolute&find=revenue&show=clear&open="


def state(seen: Visit) -> dict[str, Any]:
    """Give what can be seen of what is chosen."""
    return {
        "controls": [
            seen.page.input_value(f"#{name}")
            for name in ("baseline", "level", "segment", "show", "find")
        ],
        "scale": seen.page.input_value("input[name=scale]:checked"),
        "metrics": seen.shown(METRICS),
        "open": seen.page.locator(f"{METRICS}[aria-expanded=true]").all_inner_texts(),
        "changes": changes(seen),
    }


def choose_all(seen: Visit) -> None:
    """Use every control."""
    seen.choose("baseline", "1")
    seen.choose("level", "80%")
    seen.page.check("input[value=absolute]")
    seen.page.fill("#find", "revenue")
    seen.page.click(f"{METRICS}:visible >> nth=0")


def test_the_address_leads_to_the_same_view(covid: Visit, opened: Opened) -> None:
    """In another window, and when the page is loaded again."""
    choose_all(covid)
    there = state(covid)
    assert there["open"] == ["Electronics revenue per visitor"]
    assert state(opened(covid.page.url)) == there
    covid.page.reload()
    assert state(covid) == there


def test_going_back(covid: Visit, sample_folder: Path) -> None:
    """Comes to the view that was left; a place in the page changes nothing that is chosen."""
    plain, address = state(covid), (sample_folder / COVID).as_uri()
    choose_all(covid)
    there = state(covid)
    covid.page.click("dl.facts a >> nth=0")
    assert covid.page.url.endswith("#health")
    assert state(covid) == there
    covid.page.go_back()
    assert state(covid) == there
    covid.page.click("nav >> text=Experiments")
    assert covid.page.locator("h1").inner_text() == "Experiments"
    covid.page.go_back()
    assert state(covid) == there
    covid.page.goto(address + "#")
    assert state(covid) == plain


@pytest.mark.parametrize(
    "address",
    ["#baseline=9&level=50%25&segment=x&show=y&scale=z&open=none", "#m-none", "#%%%=&=&find"],
)
def test_an_address_that_says_nothing_is_the_plain_page(
    address: str, sample_folder: Path, opened: Opened
) -> None:
    """Made for an experiment that has changed since, or mistyped."""
    page = (sample_folder / COVID).as_uri()
    seen = opened(page + address)
    assert state(seen) == state(opened(page))
    assert seen.accidents == []


def test_a_metric_can_be_linked_to(sample_folder: Path, opened: Opened) -> None:
    """It is open and in sight."""
    page = (sample_folder / COVID).as_uri()
    seen = opened(f"{page}#m-total-customer-support-minutes-per-visitor")
    assert state(seen)["open"] == ["Total customer support minutes per visitor"]
    assert seen.page.locator(f"{METRICS}[aria-expanded=true]").evaluate(
        "each => each.getBoundingClientRect().top < innerHeight"
    )


# --- tables to take away --------------------------------------------------------------------------


def test_the_scorecard_as_csv(covid: Visit, sample: duckdb.DuckDBPyConnection) -> None:
    """Its numbers are the tables', to the last digit, whatever is chosen."""
    rows = read_csv(covid, "#csv")
    assert rows[0][:7] == HEADER
    found = {(row[0], row[1]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    wanted = sample.execute(
        "select metric_name, variation_name, unit_count, metric_value, relative_lift_ci_low,"
        " absolute_lift, adjusted_p_value, chance_to_win from experiment_results where is_headline"
        " and status <> 'reference' and experiment_name = 'covid_messaging_experiment'"
    ).fetchall()
    assert len(wanted) == len(found) == 10
    columns = ("units", "value", "relative_low", "absolute", "p", "chance")
    for metric, variation, *numbers in wanted:
        assert [float(found[metric, variation][each]) for each in columns] == numbers
    covid.choose("segment", "0")
    segment = read_csv(covid, "#csv")
    chosen = covid.page.eval_on_selector("#segment", "each => each.selectedOptions[0].textContent")
    assert {row[3] for row in segment[1:]} == {chosen}
    assert segment[1:] != rows[1:]


def test_other_tables_as_csv(covid: Visit) -> None:
    """What they show, drawings in words and numbers as a spreadsheet reads them."""
    split = read_csv(covid, "button[aria-label='Download as CSV: split']")
    assert split[1] == ["control", "33.3%", "33.0%", "3,304"]
    covid.page.locator(METRICS).first.click()
    rows = read_csv(covid, "button[aria-label$='Purchase conversion rate Estimators']")
    shown = dict(zip(rows[0], rows[1], strict=True))
    assert shown["Change"] == "+1.7%"
    assert shown["Interval"].startswith("'+1.7%, -19.6% to +23.1%; at every look")


def test_a_formula_is_no_formula_in_a_spreadsheet(odd_page: OddPage, opened: Opened) -> None:
    """Names that begin as one get a mark before them, in every table."""
    path = odd_page("a formula")
    seen = opened(path)
    tables = [read_csv(seen, "#csv")]
    seen.page.locator(METRICS).first.click()
    for link in seen.page.locator("main button.link:visible").all():
        label = link.get_attribute("aria-label") or ""
        tables.append(read_csv(seen, f'main button.link[aria-label="{label}"]:visible >> nth=0'))
    index = opened(path.with_name(INDEX))
    tables.append(read_csv(index, "button.link"))
    cells = [cell for rows in tables for row in rows for cell in row]
    assert sum(cell.startswith("'=cmd|") for cell in cells) > 10
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "@", "\t"))]
    assert all(float(cell.rstrip("%")) for cell in cells if cell.startswith(("+", "-")))


# --- the index ------------------------------------------------------------------------------------


def names(seen: Visit) -> list[str]:
    """Give the experiments that can be seen, in their order."""
    return seen.shown(".i-name a")


def test_the_index_is_searched_and_sorted(sample_folder: Path, opened: Opened) -> None:
    """By names, variations and metrics; up and down; by what they are."""
    seen = opened(sample_folder / INDEX)
    page = seen.page
    everything = names(seen)
    page.fill("#find", "message_2")
    assert names(seen) == ["covid_messaging_experiment"]
    page.fill("#find", "no such")
    assert (names(seen), seen.shown("#nothing")) == ([], ["Nothing matches."])
    page.fill("#find", "")
    page.check("input[value=running]")
    assert "covid_messaging_experiment" not in names(seen)
    page.check("input[value=good]")
    assert names(seen) == ["covid_messaging_experiment"]
    rows = read_csv(seen, "button.link")
    assert [row[3] for row in rows[1:]] == ["message_1", "message_2"]
    assert {row[0] for row in rows[1:]} == {"covid_messaging_experiment"}
    page.check("input[name=show][value='']")
    assert names(seen) == everything
    page.click("button.sort >> text=Experiment")
    assert names(seen) == sorted(everything)
    page.click("button.sort >> text=Experiment")
    assert names(seen) == sorted(everything, reverse=True)
    assert page.get_attribute("th.i-name", "aria-sort") == "descending"
    for column in ("Verdict", "Change", "Health", "Time"):
        page.click(f"button.sort >> text={column}")
        assert sorted(names(seen)) == sorted(everything)
        assert page.locator("th[aria-sort=ascending]").inner_text().startswith(column)
    page.click("text=covid_messaging_experiment")
    assert page.locator("h1").inner_text() == "Ship message_2"


# --- light, dark and paper ------------------------------------------------------------------------


def ground(seen: Visit) -> str:
    """Give the colour of the page."""
    colour: str = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def test_light_and_dark(sample_folder: Path, opened: Opened) -> None:
    """As the system has it, until somebody chooses; then so on every page."""
    light = ground(opened(sample_folder / COVID, color_scheme="light"))
    seen = opened(sample_folder / COVID, color_scheme="dark")
    dark = ground(seen)
    assert light != dark
    seen.page.click("#theme")
    assert ground(seen) == light
    seen.page.reload()
    assert ground(seen) == light
    seen.page.click("nav >> text=Experiments")
    assert ground(seen) == light
    seen.page.click("#theme")
    assert ground(seen) == dark


def test_on_paper(covid: Visit) -> None:
    """What is open, in light colours, without what can't be pressed there."""
    covid.page.evaluate("window.print = () => { window.printed = true; }")
    covid.page.click("#print")
    assert covid.page.evaluate("window.printed")
    covid.page.click("#theme")
    covid.page.locator(METRICS).first.click()
    covid.page.emulate_media(media="print")
    assert ground(covid) == "rgb(255, 255, 255)"
    assert covid.shown("#controls, #print, #theme, button.link, nav a") == []
    assert covid.shown("h1") == ["Ship message_2"]
    assert covid.shown("h3")[:2] == ["Estimators", "Over time, cumulative"]
    assert len(covid.shown("tr.detail")) == 1
    assert covid.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


# --- by keyboard ----------------------------------------------------------------------------------


def tab_to(seen: Visit, selector: str) -> None:
    """Press Tab until an element is reached, which then can be seen to be."""
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} can't be reached by Tab")


def test_everything_goes_by_keyboard(covid: Visit) -> None:
    """From the first key: skip to the content, choose, search, open, go back."""
    keyboard, page = covid.page.keyboard, covid.page
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("each => each.getBoundingClientRect().top >= 0")
    keyboard.press("Enter")
    own = changes(covid)
    tab_to(covid, "#baseline")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("ArrowDown")
    assert covid.shown("#baseline-name") == ["message_1"]
    tab_to(covid, "#segment")
    keyboard.type("browser: f")
    assert covid.shown("#exploring")[0].startswith("You are exploring: only browser: firefox.")
    tab_to(covid, "input[name=scale]")
    keyboard.press("ArrowRight")
    assert page.input_value("input[name=scale]:checked") == "absolute"
    keyboard.press("ArrowLeft")
    tab_to(covid, "#find")
    keyboard.type("purchase")
    assert covid.shown(METRICS) == ["Purchase conversion rate"]
    for _ in "purchase":
        keyboard.press("Backspace")
    tab_to(covid, METRICS)
    keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaExpanded") == "true"
    assert covid.shown("h3")[0] == "Estimators"
    page.focus("#exploring button")
    keyboard.press("Space")
    assert changes(covid) == own


def test_the_index_goes_by_keyboard(sample_folder: Path, opened: Opened) -> None:
    """Filter, sort, and on to an experiment."""
    seen = opened(sample_folder / INDEX)
    keyboard = seen.page.keyboard
    tab_to(seen, "input[name=show]")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    assert names(seen) == ["covid_messaging_experiment"]
    tab_to(seen, "button.sort")
    keyboard.press("Enter")
    assert seen.page.get_attribute("th.i-name", "aria-sort") == "ascending"
    tab_to(seen, ".i-name a")
    keyboard.press("Enter")
    seen.page.wait_for_selector("text=Ship message_2")
