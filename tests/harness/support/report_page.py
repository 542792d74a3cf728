"""Reads a page of results as a browser would: elements, their classes and their text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pipeline.published import open_tables
from report_world import World, write_world
from results_page import formats
from results_page.report import write_report

VOID = {"meta", "link", "input", "br", "wbr", "hr", "img"}
RAW = {"script", "style"}


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Give its classes."""
        return self.attributes.get("class", "").split()

    def walk(self) -> Iterator["Element"]:
        """Give it and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find_all(self, tag: str = "", of_class: str = "") -> "list[Element]":
        """Find elements below by tag, class or both."""
        return [
            each
            for each in self.walk()
            if each is not self
            and (not tag or each.tag == tag)
            and (not of_class or of_class in each.classes)
        ]

    def find(self, tag: str = "", of_class: str = "") -> "Element":
        """Find the one element there is."""
        (found,) = self.find_all(tag, of_class)
        return found

    @property
    def text(self) -> str:
        """Give its text, scripts left out."""
        parts = [
            child if isinstance(child, str) else child.text
            for child in self.children
            if isinstance(child, str) or child.tag not in RAW
        ]
        return "".join(parts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        # HTML5 would mend what isn't closed; ours has to close all.
        assert self._open[-1].tag == tag, (self._open[-1].tag, tag)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_page(html: str) -> Element:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def read_page(path: Path) -> Element:
    """Read a page's file."""
    return parse_page(path.read_text(encoding="utf-8"))


def write_pages(warehouse: Path, folder: Path) -> dict[str, Element]:
    """Write a published file's report; give its pages by their files' names."""
    with open_tables(warehouse) as tables:
        write_report(tables, folder)
    return {path.name: read_page(path) for path in folder.glob("*.html")}


def squeezed(text: str) -> str:
    """Give a text without the spaces of its markup."""
    return " ".join(text.replace(formats.SPACE, "~").split()).replace("~", formats.SPACE)


def scored(page: Element) -> dict[tuple[str, str], Element]:
    """Give the rows of a scorecard by metric and variation."""
    found = {}
    for metric in page.find_all("tbody", "metric"):
        name = metric.find_all("span", "metric-name")[0].text
        for row in metric.find_all("tr", "result"):
            if "hidden" in row.attributes:
                continue
            found[name, row.find("td", "c-variation").text] = row
    return found


def data_of(page: Element) -> dict[str, Any]:
    """Give what a page's script knows."""
    (script,) = [
        each
        for each in page.find_all("script")
        if each.attributes.get("type") == "application/json"
    ]
    (text,) = script.children
    assert isinstance(text, str)
    data: dict[str, Any] = json.loads(text)
    return data


def viewed(data: dict[str, Any], view: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Give a view's rows by metric and variation."""
    rows = [dict(zip(data["fields"], row, strict=True)) for row in data["views"][view]]
    return {
        (data["metrics"][row["metric"]]["name"], data["variations"][row["variation"]]): row
        for row in rows
    }


def policy_of(page: Element) -> str:
    """Give a page's Content-Security-Policy."""
    return next(
        meta.attributes["content"]
        for meta in page.find_all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )


def odd(tmp_path: Path, built: Path, world: World) -> Element:
    """Give the page of an experiment that is made for the test."""
    pages = write_pages(write_world(tmp_path / "odd.duckdb", built, world), tmp_path / "odd")
    return pages["experiment.html"]
