"""Fixtures of the tests that open pages in a browser."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browser import Visit, started_browser, visit
from odd_worlds import write_odd_page
from playwright.sync_api import Browser

Opened = Callable[..., Visit]
OddPage = Callable[[str], Path]


# As long as Playwright runs, its loop of events is this thread's: no longer than a file of tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser, once per file of tests."""
    with started_browser() as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Give a way to open a page, which is closed after the test."""
    with ExitStack() as stack:

        def open_page(address: str | Path, **options: object) -> Visit:
            return stack.enter_context(visit(browser, address, **options))

        yield open_page


@pytest.fixture(scope="session")
def odd_page(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> OddPage:
    """Give a way to have the page of an odd experiment, which is written once."""
    folder = tmp_path_factory.mktemp("odd")
    return functools.cache(lambda name: write_odd_page(folder, sample_build, name))
