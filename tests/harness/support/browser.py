"""A browser that opens pages of results, and everything that happens in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "no Chromium is on the PATH, and the script of tests couldn't install one (that takes Debian's"
    " apt-get, and root or sudo without a password)"
)
# Before any script of the page: what breaks the policy, and what a script in data would set.
WATCH = """
    window.violations = [];
    document.addEventListener('securitypolicyviolation',
        event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""
SIZES = {
    "wide": {"width": 1440, "height": 900},
    "middle": {"width": 820, "height": 1180},
    "phone": {"width": 390, "height": 844},
}


def browser_path() -> str:
    """Find the browser; without one skip the test, or in CI fail it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Start the browser, and end it."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, and what happened in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    accidents: list[str] = field(default_factory=list)
    """Dialogs, errors and whatever else the browser complains about."""

    @property
    def violations(self) -> list[str]:
        """Give what the page's policy had to stop."""
        found: list[str] = self.page.evaluate("window.violations")
        return found

    def choose(self, control: str, value: str) -> None:
        """Choose an option as a person does."""
        self.page.select_option(f"#{control}", value)

    def shown(self, selector: str) -> list[str]:
        """Give the texts of the elements that can be seen."""
        texts: list[str] = self.page.eval_on_selector_all(
            selector,
            "elements => elements.filter(each => each.checkVisibility())"
            ".map(each => each.innerText.trim())",
        )
        return texts


@contextmanager
def visit(browser: Browser, address: str | Path, **options: Any) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's
    """Open a page by its file or address, as nobody has before."""
    context = browser.new_context(**options)
    context.add_init_script(WATCH)
    try:
        yield open_in(context, address)
    finally:
        context.close()


def open_in(context: BrowserContext, address: str | Path) -> Visit:
    """Open a page in a window that may know others."""
    seen = Visit(context.new_page())
    page = seen.page
    page.set_default_timeout(5000)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.accidents.append(f"error: {error}"))
    page.on("console", lambda message: seen.accidents.append(f"console: {message.text}"))
    page.on("dialog", lambda dialog: (seen.accidents.append("dialog"), dialog.dismiss()))
    page.goto(address.as_uri() if isinstance(address, Path) else address)
    return seen
