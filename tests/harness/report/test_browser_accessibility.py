"""Every page passes axe: light and dark, at three widths, with what can be opened open."""

from pathlib import Path

import pytest
from accessibility import CONTRAST, RULES, check
from axe_playwright_python.sync_playwright import Axe
from browser import SIZES
from browser_fixtures import OddPage, Opened
from report_page import Element
from results_page.report import INDEX

ODD = ("one variation", "missing numbers", "cut ends", "running", "long names", "no metrics")


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
