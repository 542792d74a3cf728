"""Writes what the docs show of the results pages: a picture, and what a large page takes.

Exit codes: 0 written, 2 there is no browser, or no published sample.
"""

import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from browser import NAMES
from pipeline import cli
from pipeline.errors import PipelineError
from pipeline.published import open_published, open_tables
from pipeline.settings import PROJECT_ROOT, read_settings
from playwright.sync_api import Browser, Page, sync_playwright
from report_world import World, write_world
from results_page.report import INDEX, write_report

DOCS = PROJECT_ROOT / "docs"
PICTURE = DOCS / "report.png"
PAGE = DOCS / "report.md"
PICTURED = "covid_messaging_experiment.html"
WINDOW = {"width": 1240, "height": 900}
LARGE = World(variations=10, metrics=100, segments=20, days=90, guardrails=5)
RUNS = 5
TABLE = re.compile(r"(<!-- measured by scripts/document_report -->\n).*?(<!-- end -->)", re.DOTALL)
# Sets a control as a reader does, and waits until the scorecard is written, then until it is seen.
CHANGE = """
    ([selector, value]) => new Promise(resolve => {
        const control = document.querySelector(selector), start = performance.now();
        const written = () => {
            const script = performance.now() - start;
            requestAnimationFrame(() => setTimeout(
                () => resolve([script, performance.now() - start])));
        };
        if (control.type === 'radio') control.checked = true; else control.value = value;
        const isAtOnce = control.type === 'search' || control.id === 'show';
        if (!isAtOnce) {
            const observer = new MutationObserver(() => { observer.disconnect(); written(); });
            observer.observe(document.querySelector('#metrics'),
                {subtree: true, childList: true, attributes: true, characterData: true});
        }
        control.dispatchEvent(new Event(isAtOnce ? 'input' : 'change', {bubbles: true}));
        if (isAtOnce) written();
    })
"""
CONTROLS = (
    ("Compare with another variation", "#baseline", "3"),
    ("Another level", "#level", "80%"),
    ("A segment", "#segment", "5"),
    ("Absolute changes", "input[value=absolute]", ""),
    ("Clear results only", "#show", "clear"),
    ("Find a metric", "#find", "metric 7"),
)
HELP = """Write what the docs show of the results pages, on this machine: docs/report.png, a picture
of the sample's page, and the table of docs/report.md, what a large page takes in size and time.

The sample has to be published (scripts/build), and a Chromium be on the PATH.
"""


def main(arguments: Sequence[str]) -> int:
    """Write both; give the exit code."""
    return cli.run("document_report", arguments, _job)


def _job(arguments: Sequence[str]) -> cli.Outcome:
    cli.read(_command, arguments)
    built = read_settings().warehouse_path
    with _browser() as browser, tempfile.TemporaryDirectory() as made:
        _take_picture(browser, built, Path(made))
        table = _measure(browser, built, Path(made))
    text, count = TABLE.subn(lambda found: f"{found[1]}{table}{found[2]}", PAGE.read_text())
    if count != 1:
        message = f"{PAGE} has no place for the table."
        raise PipelineError(message)
    PAGE.write_text(text)
    return cli.Outcome(f"Picture {PICTURE}\n\n{table}", {"picture": PICTURE})


@click.command("document_report", cls=cli.Command, help=HELP)
@cli.json_option
def _command(*, as_json: bool) -> None:  # the runner's
    del as_json


@contextmanager
def _browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        message = "No Chromium is on the PATH. On Debian: apt-get install chromium."
        raise PipelineError(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


# --- the picture ----------------------------------------------------------------------------------


def _take_picture(browser: Browser, built: Path, folder: Path) -> None:
    """Show the page from its top to the end of the scorecard's first groups."""
    with open_published(built) as tables:
        write_report(tables, folder / "sample")
    if not (folder / "sample" / PICTURED).is_file():
        message = f"{built} isn't made from the sample. Run scripts/build."
        raise PipelineError(message)
    page = browser.new_page(viewport=WINDOW, color_scheme="light")
    page.goto((folder / "sample" / PICTURED).as_uri())
    end = page.locator("tbody.metric").nth(1).bounding_box()
    if end is None:
        message = "The page has no second metric to end the picture with."
        raise PipelineError(message)
    clip = {"x": 0, "y": 0, "width": WINDOW["width"], "height": end["y"] + end["height"]}
    page.screenshot(path=PICTURE, full_page=True, clip=clip)
    page.close()


# --- what a large page takes ----------------------------------------------------------------------


def _measure(browser: Browser, built: Path, folder: Path) -> str:
    world = write_world(folder / "large.duckdb", built, LARGE)
    start = time.process_time()
    with open_tables(world) as tables:
        write_report(tables, folder / "large")
    seconds = time.process_time() - start
    report = folder / "large"
    page, parts = report / "experiment.html", list((report / "experiment.parts").iterdir())
    views = [part.stat().st_size for part in parts if part.suffix == ".js"]
    metrics = [part.stat().st_size for part in parts if part.suffix == ".html"]
    sizes = [
        ("Page", _megabytes(page.stat().st_size)),
        ("Beside it, by baseline or segment", f"{_megabytes(max(views))} at most"),
        ("Beside it, by metric", f"{_megabytes(max(metrics))} at most"),
        (f"Writing it ({INDEX} and all parts)", f"{seconds:.0f} s of processor time"),
    ]
    times = [("First view", *_median(lambda: _first_view(browser, page)))]
    times += [
        (
            name,
            *_median(
                lambda selector=selector, value=value: _change(browser, page, selector, value)
            ),
        )
        for name, selector, value in CONTROLS
    ]
    lines = ["| what | size |", "|---|---|", *(f"| {name} | {text} |" for name, text in sizes), ""]
    lines += ["| what is done | script | until it is seen |", "|---|---|---|"]
    lines += [f"| {name} | {script:.0f} ms | {seen:.0f} ms |" for name, script, seen in times]
    return "\n".join(["", *lines, "", ""])


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _median(measured: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    runs = [measured() for _ in range(RUNS)]
    return statistics.median(each[0] for each in runs), statistics.median(each[1] for each in runs)


def _first_view(browser: Browser, path: Path) -> tuple[float, float]:
    """Give the milliseconds of script, and until all of the page is seen."""
    page = browser.new_page(viewport=WINDOW)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(path.as_uri())
    _wait_for_frame(page)
    seen = page.evaluate("performance.now()")
    measured = session.send("Performance.getMetrics")["metrics"]
    script = next(each["value"] for each in measured if each["name"] == "ScriptDuration")
    page.close()
    return 1000 * script, seen


def _change(browser: Browser, path: Path, selector: str, value: str) -> tuple[float, float]:
    """Give the milliseconds until the scorecard is written anew, and until that is seen."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(path.as_uri())
    _wait_for_frame(page)
    script, seen = page.evaluate(CHANGE, [selector, value])
    page.close()
    return script, seen


def _wait_for_frame(page: Page) -> None:
    page.evaluate("new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
