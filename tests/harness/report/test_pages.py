"""The pages: their numbers are those of the tables, and nothing else can stand in them."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from report_page import Element, policy_of, read_page, scored, squeezed, write_pages
from report_world import World, write_world
from results_page import formats
from results_page.report import INDEX
from results_page.tables import COLUMNS, LATER_COLUMNS

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'</style>"
RIGHT_TO_LEFT = "נוסח חדש"
SOURCES = re.compile(
    r"https?:(?!//www.w3.org/2000/svg')|[\"'(]//[a-z]|(?<![a-z])url\((?!#hatch\))|@import|javascript:",
    re.IGNORECASE,
)


# --- the sample's numbers -------------------------------------------------------------------------


def test_every_table_has_what_is_read(sample: duckdb.DuckDBPyConnection) -> None:
    """And all of them are public: in the schema that others may read."""
    for table, columns in COLUMNS.items():
        there = {row[0] for row in sample.execute(f"describe main.{table}").fetchall()}
        assert set(columns) <= there, table
        assert not set(columns) & set(LATER_COLUMNS.get(table, ())), table


def rows_of(relation: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Give a query's rows by their columns' names."""
    names = [column[0] for column in relation.description or ()]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def test_the_scorecards_numbers_are_the_tables(
    sample: duckdb.DuckDBPyConnection, sample_pages: dict[str, Element]
) -> None:
    """Every headline result is a row, with its value, change, interval and p."""
    relation = sample.execute(
        "select * from experiment_results where is_headline and status <> 'reference'"
    )
    results = rows_of(relation)
    metrics = {row["metric_name"]: row for row in rows_of(sample.execute("from dim_metrics"))}
    assert len(results) > 30
    folded = 0
    for result in results:
        page = sample_pages[f"{result['experiment_name']}.html"]
        row = scored(page).get((result["metric_name"], result["variation_name"]))
        if row is None:
            assert result["status"] == "zero_variance"
            folded += 1
            continue
        metric = metrics[result["metric_name"]]
        unit = formats.unit_of(
            metric["unit"], metric.get("currency"), metric.get("currency_decimals")
        )
        low, high = result["relative_lift_ci_low"], result["relative_lift_ci_high"]
        interval = f"{formats.relative_change(low)} to {formats.relative_change(high)}"
        expected = {
            "c-baseline": formats.value(result["reference_metric_value"], unit),
            "c-value": formats.value(result["metric_value"], unit),
            "c-change": formats.relative_change(result["relative_lift"]) + interval,
            "c-p": formats.p_value(result["adjusted_p_value"]),
            "c-chance": formats.chance(result["chance_to_win"]),
        }
        for cell, text in expected.items():
            assert row.find("td", cell).text.startswith(text), (result["metric_name"], cell)
        description = row.find_all("svg", "interval")[0].attributes["aria-label"]
        assert description.startswith(
            f"{formats.relative_change(result['relative_lift'])}, {interval}"
        )
    assert folded == 3


def test_a_bar_lies_where_its_numbers_do(
    sample: duckdb.DuckDBPyConnection, sample_pages: dict[str, Element]
) -> None:
    """The zero line and the bars of two rows give the scale: a third has to lie on it."""
    page = sample_pages["covid_messaging_experiment.html"]
    rows = sample.execute(
        "select metric_name, variation_name, relative_lift_ci_low, relative_lift"
        " from experiment_results where is_headline and status = 'ok'"
        " and experiment_name = 'covid_messaging_experiment'"
    ).fetchall()
    places = []
    for metric, variation, low, lift in rows:
        drawing = scored(page)[metric, variation].find_all("svg", "interval")[0]
        bar, point = drawing.find("rect", "bar"), drawing.find("circle", "point")
        places.append((low, float(bar.attributes["x"].rstrip("%"))))
        places.append((lift, float(point.attributes["cx"].rstrip("%"))))
    (first, at_first), (last, at_last) = min(places), max(places)
    for number, place in places:
        share = (number - first) / (last - first)
        assert place == pytest.approx(at_first + share * (at_last - at_first), abs=0.02)


def test_the_verdict_stands_first(sample_pages: dict[str, Element]) -> None:
    """What to do, why, by which rule, and what it is compared with."""
    page = sample_pages["covid_messaging_experiment.html"]
    assert page.find("h1").text == "Ship message_2"
    assert "about 18 more in every 1,000 visitors" in page.find("p", "lead").text
    verdicts = squeezed(page.find("section", "verdicts").text)
    assert "Rule: better after the planned duration." in verdicts
    assert "can’t be told apart from control’s" in verdicts
    assert "Intervals of 95%." in verdicts
    assert "3,329, planned 33%" in verdicts
    facts = squeezed(page.find("dl", "facts").text)
    assert "! None defined" in facts
    assert "✓ Planned end passed" in facts


def test_a_winner_that_may_harm_a_guardrail_is_not_shipped(
    sample_pages: dict[str, Element],
) -> None:
    """The headline says what stands against it; while it runs, intervals hold at every look."""
    page = sample_pages["button_colour_test.html"]
    assert page.find("h1").text.startswith("green wins, but don’t ship")
    assert "harm to Page views per visitor is not ruled out" in page.find("p", "lead").text
    verdicts = squeezed(page.find("section", "verdicts").text)
    assert "harm not ruled out, −5.9% to +7.9% at every look" in verdicts
    assert "Still running." in page.text
    assert "28 days left" in squeezed(page.find("dl", "facts").text)


def test_exposures_add_up_to_the_units(
    sample: duckdb.DuckDBPyConnection, sample_pages: dict[str, Element]
) -> None:
    """From what was delivered, step by step, to what is analysed."""
    for name, units in sample.execute(
        "select experiment_name, unit_count from dim_experiments"
    ).fetchall():
        steps = sample_pages[f"{name}.html"].find("ol", "flow").find_all("li")
        counts = [
            int(step.find("span", "number").text.replace("−", "-").replace(",", ""))
            for step in steps
        ]
        assert counts[-1] == units
        assert sum(counts[:-1]) == units


def test_every_check_is_told(
    sample: duckdb.DuckDBPyConnection, sample_pages: dict[str, Element]
) -> None:
    """With what it found; nothing that was not checked has passed."""
    for name, finding in sample.execute(
        "select experiment_name, finding from experiment_health"
    ).fetchall():
        assert squeezed(finding) in squeezed(sample_pages[f"{name}.html"].text)
    for page in sample_pages.values():
        for item in page.find_all("ul", "checks"):
            for check in item.find_all("li"):
                if "Not checked" in check.text:
                    assert "✓" not in check.text


def test_the_index_names_every_experiment(sample_pages: dict[str, Element]) -> None:
    """With its page, verdict, metric, health and time."""
    rows = sample_pages[INDEX].find("table", "index").find_all("tbody")[0].find_all("tr")
    assert len(rows) == 3
    links = [row.find("a").attributes["href"] for row in rows]
    assert set(links) == set(sample_pages) - {INDEX}
    # What runs comes first.
    assert links[0] == "button_colour_test.html"
    for text in ("28 days left", "against blue", "2 things to know", "+19.8%"):
        assert text in squeezed(rows[0].text)


# --- nothing else runs ----------------------------------------------------------------------------


def test_only_what_the_policy_names_is_there(sample_folder: Path) -> None:
    """Styles and scripts by their hashes; no address, no style or handler at an element."""
    for path in sample_folder.glob("*.html"):
        page = read_page(path)
        policy = policy_of(page)
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for element in page.find_all("style") + page.find_all("script"):
            if element.attributes.get("type") == "application/json":
                continue
            (text,) = element.children
            assert isinstance(text, str)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, element.tag
        for element in page.walk():
            assert "style" not in element.attributes
            assert not [name for name in element.attributes if name.startswith("on")]
        assert not SOURCES.search(path.read_text(encoding="utf-8"))


def test_ids_are_unique_and_links_lead_somewhere(sample_pages: dict[str, Element]) -> None:
    """In every page."""
    for page in sample_pages.values():
        ids = [each.attributes["id"] for each in page.walk() if "id" in each.attributes]
        assert len(ids) == len(set(ids))
        for link in page.find_all("a"):
            target = link.attributes["href"]
            assert target.removeprefix("#") in ids if target.startswith("#") else True
            assert target in sample_pages or target.startswith("#")


def counts_of_elements(pages: dict[str, Element]) -> dict[str, int]:
    """Count the elements that names could make, by tag."""
    tags = ("script", "img", "style", "svg", "tr")
    return {tag: sum(len(page.find_all(tag)) for page in pages.values()) for tag in tags}


@pytest.mark.parametrize("name", [MARKUP, RIGHT_TO_LEFT, "x" * 300, "--><!--"])
def test_names_are_text(tmp_path: Path, sample_build: Path, name: str) -> None:
    """Whatever they hold, they show as they are, and make no element."""
    quoted = name.replace("'", "''")
    changes = (
        f"update dim_experiments set experiment_name = '{quoted}'",
        f"update dim_variations set variation_name = '{quoted}' || variation_id",
        f"update dim_metrics set description = '{quoted}', owner = '{quoted}', tags = '{quoted}'",
        f"update dim_metrics set row_filter = '{quoted}', value_expression = '{quoted}'",
        f"update experiment_health set finding = '{quoted}', advice = '{quoted}'",
        f"update experiment_results_by_segment set segment_value = '{quoted}' || segment_value",
        f"update experiment_results set status_reason = '{quoted}'",
    )
    plain = write_pages(
        write_world(tmp_path / "plain.duckdb", sample_build, World()), tmp_path / "plain"
    )
    world = write_world(tmp_path / "named.duckdb", sample_build, World(changes=changes))
    named = write_pages(world, tmp_path / "named")
    assert len(named) == len(plain) == 2
    assert all(name in page.text for page in named.values())
    assert counts_of_elements(named) == counts_of_elements(plain)
