"""What dbt's documentation says of the whole: an area has its colour, and links lead somewhere."""

import json
import re
from pathlib import Path

import pytest
from conftest import published_manifest


@pytest.fixture(scope="module")
def manifest(sample_build: Path) -> dict:
    """Give dbt's manifest of the sample's published build."""
    return json.loads(published_manifest(sample_build).read_text(encoding="utf-8"))


def overview(manifest: dict) -> str:
    """Give the text that the documentation of the project begins with."""
    return manifest["docs"]["doc.experiment_metrics.__experiment_metrics__"]["block_contents"]


def test_each_area_has_a_colour_of_its_own(manifest: dict) -> None:
    """The overview lists the areas, and no other."""
    colours: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            path = node["original_file_path"].removeprefix("models/")
            area = re.sub("^(intermediate|marts)/", "", path).split("/")[0]
            colours.setdefault(area, set()).add(node["config"]["docs"]["node_color"])
    assert {len(each) for each in colours.values()} == {1}
    assert len(set.union(*colours.values())) == len(colours)
    rows = re.findall(r"^\| (\w+) \| [a-z ]+ \|", overview(manifest), re.MULTILINE)
    assert rows[0] == "area"
    assert set(rows[1:]) == set(colours)


def test_the_overview_names_what_there_is(manifest: dict) -> None:
    """Its links, and the tables that an area makes."""
    text = overview(manifest)
    links = re.findall(r"#!/model/([\w.]+)", text)
    assert len(links) == 3
    public = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["access"] == "public"
    }
    assert {link.split(".")[-1] for link in links} <= public
    assert set(re.findall(r"`(\w+_\w+)`", text)) <= public


def test_a_package_leaves_the_overview_of_its_user_alone(manifest: dict) -> None:
    """Of several `__overview__` dbt shows the last, which would be the package's."""
    assert [key for key in manifest["docs"] if "__overview__" in key] == ["doc.dbt.__overview__"]
