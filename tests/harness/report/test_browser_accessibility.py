"""Every page passes axe: light and dark, at three widths, with what can be opened open."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import SIZES, Visit
from browser_fixtures import OddPage, Opened
from report_page import Element
from results_page.report import INDEX

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What lies behind metrics is built alike: one tells of all, and axe takes seconds for each.
OPEN = """
    document.querySelector('button.metric-name')?.click();
    document.querySelectorAll('details:not(.detail details)').forEach(
        each => { each.open = true; });
"""
CONTRAST = {**RULES, "runOnly": ["color-contrast"]}
ODD = ("one variation", "missing numbers", "cut ends", "running", "long names", "no metrics")


def check(seen: Visit, rules: dict[str, list[str]]) -> None:
    """Fail for anything that axe finds, and for a page that is wider than its window."""
    seen.page.evaluate(OPEN)
    found = Axe().run(seen.page, options=rules).response["violations"]
    said = [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]
    assert said == [], f"{len(said)} on {seen.page.url}"
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", SIZES)
def test_the_sample(
    size: str, sample_folder: Path, sample_pages: dict[str, Element], opened: Opened
) -> None:
    """The index and each experiment."""
    for name in sample_pages:
        check(opened(sample_folder / name, viewport=SIZES[size], color_scheme="light"), RULES)


def test_the_sample_in_the_dark(
    sample_folder: Path, sample_pages: dict[str, Element], opened: Opened
) -> None:
    """Everything is legible there, too; nothing else depends on it."""
    for name in sample_pages:
        check(opened(sample_folder / name, color_scheme="dark"), CONTRAST)


@pytest.mark.parametrize("name", ODD)
def test_odd_experiments(name: str, odd_page: OddPage, opened: Opened) -> None:
    """Where things are missing, too long, or not done yet."""
    path = odd_page(name)
    check(opened(path, viewport=SIZES["phone"], color_scheme="light"), RULES)
    check(opened(path, viewport=SIZES["wide"], color_scheme="dark"), CONTRAST)
    check(opened(path.with_name(INDEX), viewport=SIZES["phone"]), RULES)


def test_what_is_wrong_is_found(sample_folder: Path, opened: Opened) -> None:
    """A check that finds nothing has looked."""
    page = opened(sample_folder / INDEX).page
    page.evaluate(
        "document.querySelector('#find').parentElement.replaceWith(document.createElement('input'))"
    )
    found = Axe().run(page, options=RULES).response["violations"]
    assert [each["id"] for each in found] == ["label"]
