"""What the controls of a page show: every baseline, level and segment, and what lies beside it."""

import json
from pathlib import Path

import duckdb
import pytest
from report_page import (
    Element,
    data_of,
    odd,
    policy_of,
    read_page,
    scored,
    squeezed,
    viewed,
)
from report_world import World
from results_page import render
from results_page.report import INDEX


def test_every_baseline_and_level_can_be_chosen(
    sample: duckdb.DuckDBPyConnection, sample_pages: dict[str, Element]
) -> None:
    """Their numbers are those of `experiment_result_intervals`, all of them."""
    data = {name: data_of(page) for name, page in sample_pages.items() if name != INDEX}
    seen = 0
    for row in sample.execute(
        "select experiment_name, baseline_variation_name, confidence_level, metric_name,"
        " variation_name, relative_lift, relative_lift_ci_low, absolute_lift_ci_high,"
        " adjusted_p_value from experiment_result_intervals"
        " where is_headline and status <> 'reference'"
    ).fetchall():
        experiment, baseline, level, metric, variation, *numbers = row
        of_page = data[f"{experiment}.html"]
        view = f"against {of_page['variations'].index(baseline)} at {level * 100:g}%"
        found = viewed(of_page, view)[metric, variation]
        fields = ("relative", "relative_low", "absolute_high", "p")
        assert [found[field] for field in fields] == numbers
        seen += 1
    lengths = [
        len(rows)
        for each in data.values()
        for view, rows in each["views"].items()
        if view.startswith("against")
    ]
    assert seen == sum(lengths)


def test_the_build_s_own_comparison_is_the_scorecard(sample_pages: dict[str, Element]) -> None:
    """What the script would draw without a choice is what stands there."""
    for name, page in sample_pages.items():
        if name == INDEX:
            continue
        data = data_of(page)
        own = viewed(data, "own")
        for key, row in scored(page).items():
            assert f"s-{own[key]['state']}" in row.classes
            icon, text = data["labels"][own[key]["label"]]
            assert squeezed(row.find("td", "c-reading").text) == icon + text


def test_a_level_is_judged_by_itself(tmp_path: Path, sample_build: Path) -> None:
    """An adjusted p of 0.07 is clear at 90% and not at 95%; a guardrail is read by its interval."""
    changes = (
        "update experiment_result_intervals set adjusted_p_value = 0.07 where status = 'ok'",
        """
        update experiment_result_intervals set relative_lift_ci_low = -0.04
        where metric_name = 'Metric 1' and status = 'ok'
        """,
    )
    data = data_of(odd(tmp_path, sample_build, World(changes=changes)))
    states = {
        level: viewed(data, f"against 0 at {level}")["Metric 2", "variation 1"]["state"]
        for level in ("90%", "95%")
    }
    assert states["90%"] in {"better", "worse"}
    assert states["95%"] == "flat"
    guarded = viewed(data, "against 0 at 95%")["Metric 1", "variation 1"]
    assert guarded["state"] == "safe"


def test_what_is_large_lies_beside_the_page(
    tmp_path: Path, sample_build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, links lead to it, and only then may scripts from beside be run."""
    world = World(variations=3)
    whole = odd(tmp_path, sample_build, world)
    monkeypatch.setattr(render, "MOST_ROWS", 5)
    monkeypatch.setattr(render, "MOST_DETAIL", 1000)
    (tmp_path / "apart").mkdir()
    page = odd(tmp_path / "apart", sample_build, world)
    folder = tmp_path / "apart" / "odd"
    data = data_of(page)
    assert list(data["views"]) == ["own"]
    for part in set(data["parts"].values()):
        text = (folder / part).read_text(encoding="utf-8")
        data["views"] |= json.loads(text.removeprefix("page.partArrived(").removesuffix(");\n"))
    assert data["views"] == data_of(whole)["views"]
    links = [link.attributes["href"] for link in page.find_all("a", "to-metric")]
    assert len(links) == 3
    for link in links:
        assert "Estimators" in read_page(folder / link).text
    assert policy_of(whole).count("'self'") == 0
    assert policy_of(page).count("'self'") == 1
