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

from results_page import formats
from results_page.page import ExperimentPage, IndexPage

HERE = Path(__file__).parent
# What could end a script, or a line of one, is written by its number.
IN_SCRIPT = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Assets:
    """What stands in every page, and the policy that allows it and nothing else."""

    style: Markup
    early_script: Markup
    script: Markup
    policy: str


def render_experiment(page: ExperimentPage) -> str:
    """Write the page of an experiment."""
    return _render("experiment.html.j2", page=page, data={})


def render_index(index: IndexPage) -> str:
    """Write the index of all experiments."""
    return _render("index.html.j2", index=index, data={})


def _render(template: str, *, data: dict[str, Any], **values: object) -> str:
    assets = _assets()
    return (
        _templates().get_template(template).render(assets=assets, data=script_data(data), **values)
    )


def script_data(data: dict[str, Any]) -> Markup:
    """Write data as JSON that can stand in a page: no name in it can end the script."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(str.maketrans(IN_SCRIPT)))  # noqa: S704 - nothing is left to escape


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
    )
    templates.globals["formats"] = formats
    templates.filters["breakable"] = breakable
    return templates


@functools.cache
def _assets() -> Assets:
    style, early, script = (
        (HERE / name).read_text(encoding="utf-8") for name in ("page.css", "early.js", "page.js")
    )
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_allowed(early)} {_allowed(script)}",
            f"style-src {_allowed(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return Assets(Markup(style), Markup(early), Markup(script), policy)  # noqa: S704 - our own files


def _allowed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
