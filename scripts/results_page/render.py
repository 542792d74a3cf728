"""Turns pages into HTML that names, in its policy, all that may run in it or style it."""

import base64
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from results_page import formats, words
from results_page.page import ExperimentPage, IndexPage
from results_page.plans import PlanPage
from results_page.scorecard import MetricRows
from results_page.views import OWN, View, script_data

HERE = Path(__file__).parent
MOST_DETAIL = 2_000_000
"""So many characters behind its metrics stand in a page; of more, each metric has a page."""
MOST_ROWS = 4000
"""So many rows of views stand in a page; of more, they lie beside it."""
# What could end a script, or a line of one, is written by its number.
IN_SCRIPT = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Assets:
    """What stands in every page, and the policy that allows it and nothing else."""

    style: Markup
    early_script: Markup
    script: Markup

    def policy(self, *, has_parts: bool) -> str:
        """Allow these by their hashes and, of a page with parts, the scripts that lie beside it."""
        scripts = [_allowed(self.early_script), _allowed(self.script)]
        if has_parts:
            scripts.append("'self'")
        return "; ".join(
            [
                "default-src 'none'",
                f"script-src {' '.join(scripts)}",
                f"style-src {_allowed(self.style)}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )


def render_experiment(page: ExperimentPage) -> dict[str, str]:
    """Write the page of an experiment, with the parts of a large one; give all by file name."""
    parts = f"{page.key}.parts"
    files: dict[str, str] = {}
    details = [_detail(page, rows) for rows in page.scorecard.metrics]
    are_pages = sum(map(len, details)) > MOST_DETAIL
    if are_pages:
        for rows, text in zip(page.scorecard.metrics, details, strict=True):
            files[f"{parts}/{rows.key}.html"] = _render(
                "metric.html.j2", data={}, page=page, rows=rows, detail=text
            )
    data = script_data(page.experiment, page.scorecard, page.views)
    inline, beside = _views(page.views.rows)
    names = {view: f"{parts}/{name}.js" for name, found in beside.items() for view in found}
    for name, found in beside.items():
        files[f"{parts}/{name}.js"] = f"page.partArrived({as_json(found)});\n"
    files[page.file_name] = _render(
        "experiment.html.j2",
        data={**data, "views": inline, "parts": names},
        has_parts=bool(beside),
        page=page,
        details=None if are_pages else details,
        parts=parts,
    )
    return files


def render_index(index: IndexPage) -> str:
    """Write the index of all experiments."""
    return _render("index.html.j2", data={}, index=index)


def render_plan(plan: PlanPage) -> str:
    """Write the page of a plan."""
    return _render("plan.html.j2", data={}, plan=plan)


def _views(rows: dict[str, View]) -> tuple[dict[str, View], dict[str, dict[str, View]]]:
    """Keep views in the page as long as they are small; else all but its own lie beside it.

    Those of one baseline lie together, whatever their level.
    """
    if sum(map(len, rows.values())) <= MOST_ROWS:
        return rows, {}
    beside: dict[str, dict[str, View]] = {}
    for name, view in rows.items():
        if name != OWN:
            part = name.split(" at ")[0].replace(" ", "-")
            beside.setdefault(part, {})[name] = view
    return {OWN: rows[OWN]}, beside


def _detail(page: ExperimentPage, rows: MetricRows) -> Markup:
    """Write what lies behind a metric."""
    text = (
        _templates()
        .get_template("detail.html.j2")
        .render(detail=page.details[rows.place], experiment=page.experiment, metric=rows.metric)
    )
    return Markup(text)  # noqa: S704 - a template wrote it


def _render(
    template: str, *, data: dict[str, Any], has_parts: bool = False, **values: object
) -> str:
    assets = _assets()
    policy = assets.policy(has_parts=has_parts)
    return (
        _templates()
        .get_template(template)
        .render(assets=assets, policy=policy, data=as_json(data), **values)
    )


def as_json(data: dict[str, Any]) -> Markup:
    """Write data as JSON that can stand in a page: no name in it can end the script."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(str.maketrans(IN_SCRIPT)))  # noqa: S704 - nothing is left to escape


def _written(value: object) -> object:
    """Write lengths as the script writes them: 20, not 20.0."""
    return f"{value:.12g}" if isinstance(value, float) else value


def breakable(name: str) -> Markup:
    """Let a long name go on in the next line after the marks that stand between its words."""
    return Markup(re.sub(r"([_./:-])(?=[^_./:-])", r"\1<wbr>", str(escape(name))))  # noqa: S704 - it is escaped


@functools.cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_written,
    )
    templates.globals |= {"formats": formats, "words": words}
    templates.filters["breakable"] = breakable
    return templates


@functools.cache
def _assets() -> Assets:
    style, early, formatter, script = (
        (HERE / name).read_text(encoding="utf-8")
        for name in ("page.css", "early.js", "formats.js", "page.js")
    )
    return Assets(*map(Markup, (style, early, formatter + script)))


def _allowed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
