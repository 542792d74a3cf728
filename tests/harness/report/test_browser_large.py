"""A page of 100 metrics, 10 variations, 20 segments and 90 days: small, and all of it within reach.

How long it takes is measured by `./scripts/document_report`.
"""

from pathlib import Path

import pytest
from browser_fixtures import Opened
from report_page import write_pages
from report_world import World, write_world

LARGE = World(variations=10, metrics=100, segments=20, days=90, guardrails=5)
MOST = 5_000_000
MOST_OF_A_PICTURE = 300_000
DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give the folder of its report."""
    folder = tmp_path_factory.mktemp("large")
    write_pages(write_world(folder / "large.duckdb", sample_build, LARGE), folder / "report")
    return folder / "report"


def test_no_file_is_large(large: Path) -> None:
    """Neither the page nor what lies beside it."""
    sizes = {path.name: path.stat().st_size for path in large.rglob("*") if path.is_file()}
    # A view for each baseline and segment, and a page for each metric.
    assert len(sizes) == 3 + 10 + 20 + 100
    assert {name: size for name, size in sizes.items() if size > MOST} == {}


def test_each_view_is_a_choice_away(large: Path, opened: Opened) -> None:
    """Loaded when it is chosen; all rows are written anew."""
    seen = opened(large / "experiment.html")
    assert seen.page.locator("tr.result:visible").count() == 900
    values = (
        "[...document.querySelectorAll('tr.result:not([hidden]) .c-change')]"
        ".map(each => each.textContent)"
    )
    own = seen.page.evaluate(values)
    for control, value, asked in (
        ("baseline", "7", "against-7.js"),
        ("segment", "19", "segment-19.js"),
    ):
        with seen.page.expect_event("framenavigated"):
            seen.choose(control, value)
        assert seen.requests[-1].endswith(f"experiment.parts/{asked}")
        shown = seen.page.evaluate(values)
        assert len(shown) == 900
        assert sum(each != before for each, before in zip(shown, own, strict=True)) > 800
    assert len(seen.requests) == 3
    assert seen.accidents == []


def test_the_readme_s_picture_is_small() -> None:
    """It is loaded by everybody who comes by."""
    assert 50_000 < (DOCS / "report.png").stat().st_size < MOST_OF_A_PICTURE
