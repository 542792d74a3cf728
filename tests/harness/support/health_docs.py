"""What docs/health.md says of each health check: made from the checks themselves.

The table is made from what the checks record as their models' meta, the sections from the models'
descriptions, which go on where the docs begin: after the paragraph that says "One row per …".
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIST = Path("macros/health/health_checks.sql")
TABLE = re.compile(r"(?<=\n\n)\| check \|.*?(?=\n\n)", re.DOTALL)
SECTION = re.compile(r"^### (\w+)\n\n.*?(?=^##|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """A check, as its file defines it."""

    name: str
    title: str
    looks_at: str
    statuses: tuple[str, ...]
    settings: tuple[str, ...]
    text: str


def listed() -> list[str]:
    """Name the checks of the project's list, in its order."""
    text = (ROOT / LIST).read_text(encoding="utf-8")
    return re.findall(r"^ {8}'health_(\w+)',$", text, re.MULTILINE)


def checks_of(manifest: dict, model_names: list[str]) -> list[Check]:
    """Read the checks of these models from a manifest."""
    nodes = {node["name"]: node for node in manifest["nodes"].values()}
    return [_check(nodes[name]) for name in model_names]


def _check(node: dict) -> Check:
    meta = node["config"]["meta"]["health_check"]
    _, _, text = node["description"].strip().partition("\n\n")
    settings = list(meta["setting_problems"])
    if meta["threshold_rule"]:
        settings.sort(key=lambda name: name != meta["threshold"])
    return Check(
        name=meta["name"],
        title=meta["title"],
        looks_at=meta["looks_at"],
        statuses=tuple(status for status in ("fail", "warn") if meta[status] != "false"),
        settings=tuple(settings),
        text=text,
    )


def table(checks: list[Check], defaults: dict[str, object]) -> str:
    """Write the table of checks, with the defaults of the vars that they use."""
    lines = ["| check | title | status | value | vars |", "|---|---|---|---|---|"]
    for check in checks:
        settings = ", ".join(f"`{name}` {defaults[name]}" for name in check.settings)
        cells = (check.title, ", ".join(check.statuses), check.looks_at, settings)
        lines.append(f"| [{check.name}](#{check.name}) | {' | '.join(cells)} |".replace("  ", " "))
    return "\n".join(lines)


def with_checks(page: str, checks: list[Check], defaults: dict[str, object]) -> str:
    """Write a page anew: its table, and each check's section, a new one after the one before."""
    page = TABLE.sub(lambda _: table(checks, defaults), page)
    before = None
    for check in checks:
        section = f"### {check.name}\n\n{check.text}\n\n"
        old = _section(page, check.name)
        if old:
            page = page[: old.start()] + section + page[old.end() :]
        elif before:
            end = _section(page, before).end()
            page = page[:end] + section + page[end:]
        before = check.name
    return page


def _section(page: str, name: str) -> re.Match[str] | None:
    return next((found for found in SECTION.finditer(page) if found[1] == name), None)
