"""The page's script and the server draw the same: numbers, and every row of the scorecard."""

import random
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, visit
from browser_fixtures import OddPage, Opened
from hostile_texts import hostile_texts
from pipeline.csv_text import csv_lines
from playwright.sync_api import Browser
from report_page import Element, data_of
from results_page import formats, render
from results_page.formats import Kind, Unit
from results_page.intervals import draw
from results_page.report import INDEX
from results_page.results import Change
from results_page.scales import Scale
from results_page.scorecard import interval_text

SEED = 20200914
# An element as nested lists: tag, sorted attributes, children; spaces of the markup don't count.
READ = """
    const read = node => node.nodeType === Node.TEXT_NODE ? node.data.replace(/[ \\n]+/g, ' ') : [
        node.tagName.toLowerCase(),
        [...node.attributes].map(each => each.name + '=' + each.value).sort(),
        [...node.childNodes].map(read).filter(each => each !== '' && each !== ' '),
    ];
"""
READ_ROWS = READ + "[...document.querySelectorAll('tr.result:not([hidden])')].map(read)"
READ_MARKUP = (
    "markup => {" + READ + "return markup.map(each =>"
    " read(new DOMParser().parseFromString(each, 'text/html').body.firstChild)); }"
)
# By metric and variation: what the cells show, and the drawing as it stands there.
READ_CELLS = """
    Object.fromEntries([...document.querySelectorAll('tr.result:not([hidden])')].map(row => [
        row.dataset.metric + ' ' + row.dataset.variation,
        [...row.querySelectorAll('td')].slice(1).map(cell => cell.querySelector('.interval')
            ? cell.querySelector('.interval').outerHTML
            : [...cell.querySelectorAll('b, small, span > span')].map(each => each.textContent)
                .join('|') || cell.textContent)]))
"""


# --- numbers --------------------------------------------------------------------------------------

UNITS = [
    *(Unit(kind) for kind in Kind),
    *(Unit(Kind.MONEY, *each) for each in (("USD", 2), ("JPY", 0), ("CHF", 2), ("KWD", 3))),
]
EDGES = (
    *(0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 1.125, 0.0005, 0.00025, 0.001, 0.01, 0.0995, 0.1, 0.995),
    *(0.999, 0.9995, 1.0, 9.995, 99.95, 99.995, 100.0, 999.5, 999.95, 1000.0, 9999.5, 1e4, 1e6),
    *(1e7, 9.99e6, 999_950_000.0, 1e9, 9.9999e9, 1e10, 1e15, 9.99e14, 1e17, 1e21, 1e300, 1e-6),
    *(9.99e-7, 1e-9, 9.95e-5, 5e-324, 1.7e308),
)


def numbers() -> list[float]:
    """Draw numbers of all sizes, and those where roundings and notations change."""
    rng = random.Random(SEED)  # noqa: S311 - no secret
    drawn = [10 ** rng.uniform(-12, 20) for _ in range(400)]
    halves = [(2 * rng.randrange(5000) + 1) / 2 ** rng.randrange(1, 8) for _ in range(300)]
    short = [round(rng.uniform(0, 100), rng.randrange(5)) for _ in range(300)]
    return [sign * each for each in (*EDGES, *drawn, *halves, *short) for sign in (1, -1)]


def test_both_formatters_write_the_same(sample_folder: Path, opened: Opened) -> None:
    """Thousands of numbers, in every unit."""
    seen = opened(sample_folder / INDEX)
    given = [None, *numbers()]
    plain = ("relativeChange", "pValue", "chance", "count")
    said = seen.page.evaluate(
        "([numbers, names]) => names.map(name => numbers.map(each => formats[name](each)))",
        [given, plain],
    )
    written = (formats.relative_change, formats.p_value, formats.chance, formats.count)
    for name, ours, theirs in zip(plain, written, said, strict=True):
        assert [(name, each, ours(each)) for each in given] == [
            (name, each, text) for each, text in zip(given, theirs, strict=True)
        ]
    of_units = seen.page.evaluate(
        """([numbers, units]) => units.map(unit => numbers.map(
            each => [formats.value(each, unit), formats.absoluteChange(each, unit)]))""",
        [given, [asdict(unit) for unit in UNITS]],
    )
    for unit, theirs in zip(UNITS, of_units, strict=True):
        for each, texts in zip(given, theirs, strict=True):
            ours_too = [formats.value(each, unit), formats.absolute_change(each, unit)]
            assert texts == ours_too, (each, unit)


# --- tables as CSV --------------------------------------------------------------------------------


def test_both_write_the_same_csv(sample_folder: Path, opened: Opened) -> None:
    """Texts that nobody expects among them; a number as the page shows it is marked by neither."""
    seen = opened(sample_folder / INDEX)
    shown = re.compile(r"[+-][\d.,]+%?")
    texts = [text for text in hostile_texts() if not shown.fullmatch(text)]
    rows: list[list[str | float | None]] = [[text, None, 0.1, 12] for text in texts]
    said = seen.page.evaluate("rows => page.csv(rows)", [["a", "b", "c", "d"], *rows])
    assert said == "".join(csv_lines(["a", "b", "c", "d"], rows))
    assert seen.page.evaluate("page.csv([['+1.5%', '-1', '+1+1']])") == (
        '\ufeff"+1.5%","-1","\'+1+1"\r\n'
    )


# --- the scorecard --------------------------------------------------------------------------------

DRAWN = (
    *("one variation", "nine variations", "missing numbers", "cut ends", "tiny numbers", "money"),
    *("running", "from right to left"),
)


@pytest.mark.parametrize("name", ["the sample", *DRAWN])
def test_the_page_redrawn_is_the_page(
    name: str, sample_folder: Path, odd_page: OddPage, opened: Opened
) -> None:
    """Text and geometry of every row, to the last attribute."""
    pages = (
        [each for each in sample_folder.glob("*.html") if each.name != INDEX]
        if name == "the sample"
        else [odd_page(name)]
    )
    for path in pages:
        seen = opened(path)
        before = seen.page.evaluate(READ_ROWS)
        assert before
        # Something else in between, so that nothing is left as it was by chance.
        seen.page.evaluate(
            "document.querySelectorAll('tr.result :is(b, small)')"
            ".forEach(each => { each.textContent = 'x'; })"
        )
        seen.page.check("input[value=absolute]")
        seen.page.check("input[value=relative]")
        assert seen.page.evaluate(READ_ROWS) == before, path
        assert seen.accidents == []


@pytest.fixture(scope="module")
def sample_visit(browser: Browser, sample_folder: Path) -> Iterator[Visit]:
    """Give the page of the sample's running experiment, open."""
    with visit(browser, sample_folder / "button_colour_test.html") as seen:
        yield seen


def choices_of(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give every view with what is chosen for it, that of the verdict first."""
    yield "own", {}
    own = f"against {data['reference']} at {data['level']}"
    for name in data["views"]:
        kind, *words = name.split()
        if kind == "segment":
            yield name, {"segment": words[0]}
        elif kind == "against" and name != own:
            baseline, level = words[0], words[2]
            yield (
                name,
                {
                    "baseline": "" if int(baseline) == data["reference"] else baseline,
                    "level": "" if level == data["level"] else level,
                },
            )


def drawn_here(data: dict[str, Any], row: dict[str, Any], scale_name: str) -> list[str]:
    """Draw a view's row by what the server draws its own page with."""
    metric = data["metrics"][row["metric"]]
    unit = Unit(**metric["unit"])
    parts = ("", "_low", "_high", "_sequential_low", "_sequential_high")
    relative, absolute = (
        Change(*(row[f"{name}{part}"] for part in parts)) for name in ("relative", "absolute")
    )
    is_absolute = scale_name == "absolute" or relative.estimate is None
    shown = absolute if is_absolute else relative
    texts = [
        formats.absolute_change(each, unit) if is_absolute else formats.relative_change(each)
        for each in asdict(shown).values()
    ]
    interval, sequential = interval_text(*texts[1:3]), interval_text(*texts[3:5])
    drawn = relative
    if scale_name == "absolute" and row["baseline"]:
        base = abs(row["baseline"])
        drawn = Change(
            *(each if each is None else each / base for each in asdict(absolute).values())
        )
    description = f"{texts[0]}, {interval}" + (
        f"; at every look {sequential}" if sequential else ""
    )
    marks: Any = render._templates().get_template("marks.html.j2").module  # noqa: SLF001 - its own macro
    drawing = draw(drawn, Scale(**data["scale"]), metric["margin"])
    return [
        f"{formats.value(row['baseline'], unit)}|{formats.count(row['baseline_units'])}",
        f"{formats.value(row['value'], unit)}|{row['fraction']}",
        f"{texts[0]}|{interval}",
        str(marks.interval(drawing, row["state"], description)),
        formats.p_value(row["p"]),
        formats.chance(row["chance"]),
        "|".join(data["labels"][row["label"]]),
    ]


@pytest.mark.parametrize("scale", ["relative", "absolute"])
def test_every_view_is_drawn_as_the_server_would(
    scale: str, sample_visit: Visit, sample_pages: dict[str, Element]
) -> None:
    """Each baseline, level and segment, in relative and absolute numbers."""
    data = data_of(sample_pages["button_colour_test.html"])
    page = sample_visit.page
    page.check(f"input[name=scale][value={scale}]", force=True)
    seen = 0
    for name, choice in choices_of(data):
        for control in ("baseline", "level", "segment"):
            if page.locator(f"#{control}").input_value() != choice.get(control, ""):
                sample_visit.choose(control, choice.get(control, ""))
        shown = page.evaluate(READ_CELLS)
        rows = [dict(zip(data["fields"], row, strict=True)) for row in data["views"][name]]
        expected = {
            f"{row['metric']} {row['variation']}": drawn_here(data, row, scale) for row in rows
        }
        assert shown.keys() <= expected.keys()
        ours = page.evaluate(READ_MARKUP, [expected[key].pop(3) for key in shown])
        theirs = page.evaluate(READ_MARKUP, [cells.pop(3) for cells in shown.values()])
        for key, *drawings in zip(shown, ours, theirs, strict=True):
            assert drawings[0] == drawings[1], (name, key)
            assert shown[key] == expected[key], (name, key)
        seen += len(shown)
    assert seen > 100
