"""What axe finds in a page, with what can be opened open."""

from axe_playwright_python.sync_playwright import Axe
from browser import Visit

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


def check(seen: Visit, rules: dict[str, list[str]]) -> None:
    """Fail for anything that axe finds, and for a page that is wider than its window."""
    seen.page.evaluate(OPEN)
    found = Axe().run(seen.page, options=rules).response["violations"]
    said = [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]
    assert said == [], f"{len(said)} on {seen.page.url}"
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
