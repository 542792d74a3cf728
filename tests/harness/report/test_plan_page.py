"""The page of the last plan: its numbers, its reasons, and when there is one."""

from pathlib import Path

import duckdb
import pytest
from accessibility import RULES, check
from browser import SIZES
from browser_fixtures import Opened
from planning.plan_tables import plans_path
from report_page import Element, read_page, squeezed
from report_world import World, write_world
from results_page import command

NAME = "<script>alert(1)</script>"
TABLES = f"""
    create table dim_metrics as from (values
        ('Revenue', 'money', 'EUR', 2), ('{NAME}', 'share', null, null)
    ) as metrics (metric_name, unit, currency, currency_decimals);

    create table metric_plans as
    select
        *, 0.05 as relative_lift, 0.8 as target_power, '0.8 / 0.1 / 0.1' as variation_shares,
        case test when 'fixed' then 0.0125 else 0.05 end as comparison_alpha,
        timestamp '2024-03-01' as baseline_starts_at, timestamp '2024-03-29' as baseline_ends_at,
        9334 as baseline_unit_count
    from (values
        ('Revenue', 'raw', false, 'fixed', 1550, 24000, 'power', 30, 30, 'ok', null),
        ('Revenue', 'raw', false, 'sequential', 1550, 31000, 'power', null, 400,
            'beyond_baseline', 'More units than came.'),
        ('Revenue', 'cuped', true, 'fixed', 1550, 20000, 'lift_skewness_limit', 25, 25, 'ok', null),
        ('Revenue', 'cuped', true, 'sequential', 1550, 29000, 'power', 38, 38, 'ok', null),
        ('{NAME}', 'raw', true, 'fixed', 0, null, null, null, null, 'zero_value', 'It is 0.'),
        ('{NAME}', 'raw', true, 'sequential', 0, null, null, null, null, 'zero_value', 'It is 0.')
    ) as plans (
        metric_name, estimator, is_headline, test, metric_value, required_unit_count, units_rule,
        required_days, least_required_days, status, status_reason
    );

    create table detectable_lifts as
    from (values
        ('Revenue', 'raw', false, 'fixed', 5, 7, 0.093),
        ('Revenue', 'raw', false, 'fixed', 12, 14, 0.081),
        ('Revenue', 'raw', false, 'sequential', 5, 7, null),
        ('Revenue', 'raw', false, 'sequential', 12, 14, 0.12),
        ('Revenue', 'cuped', true, 'fixed', 5, 7, 0.09),
        ('Revenue', 'cuped', true, 'fixed', 12, 14, 0.07),
        ('{NAME}', 'raw', true, 'fixed', 5, 7, null)
    ) as lifts (
        metric_name, estimator, is_headline, test, entry_days, experiment_days,
        relative_minimum_detectable_effect
    )
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a published file with a plan beside it."""
    path = tmp_path_factory.mktemp("planned") / "em.duckdb"
    write_world(path, sample_build, World())
    with duckdb.connect(str(plans_path(path))) as connection:
        connection.execute(TABLES)
    return path


@pytest.fixture(scope="module")
def folder(warehouse: Path) -> Path:
    """Give its report."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WAREHOUSE_PATH", str(warehouse))
        assert command.main([]) == 0
    return warehouse.with_name("em.duckdb.report")


def rows_of(table: Element) -> list[list[str]]:
    """Give the texts of a table's cells, without its head."""
    return [
        [squeezed(cell.text) for cell in row.children if isinstance(cell, Element)]
        for row in table.find_all("tr")[1:]
    ]


def test_it_says_what_the_tables_say(folder: Path) -> None:
    """In the units of metrics; reasons stand where numbers are missing."""
    page = read_page(folder / "plan.html")
    assert "±5.0% with a power of 80%, in 3 variations of 80 / 10 / 10%" in squeezed(
        page.find("p", "lead").text
    )
    assert "9,334 units came" in squeezed(page.text)
    needs, seen = page.find_all("table")
    assert rows_of(needs) == [
        [NAME, "As observed", "0.00%", "–", "–", "–", "–"],
        ["It is 0."],
        ["Revenue", "As observed", "€15.50", "24,000", "30", "31,000", "> 400"],
        ["Revenue", "CUPED ★", "€15.50", "20,000", "25", "29,000", "38"],
        ["So many units are needed before a lift so skewed has a p-value."],
    ]
    assert rows_of(seen) == [
        ["Revenue", "As observed", "once, at the end", "±9.3%", "±8.1%"],
        ["Revenue", "As observed", "at any time", "–", "±12.0%"],
        ["Revenue", "CUPED ★", "once, at the end", "±9.0%", "±7.0%"],
    ]


def test_the_index_leads_to_it_where_there_is_one(folder: Path, warehouse: Path) -> None:
    """And its name is no experiment's."""
    links = [link.attributes["href"] for link in read_page(folder / "index.html").find_all("a")]
    assert "plan.html" in links
    with duckdb.connect(str(warehouse)) as connection:
        connection.sql("update dim_experiments set experiment_name = 'plan'")
    plans_path(warehouse).rename(warehouse.with_name("away"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WAREHOUSE_PATH", str(warehouse))
        assert command.main(["--output", str(warehouse.with_name("other"))]) == 0
    warehouse.with_name("away").rename(plans_path(warehouse))
    other = warehouse.with_name("other")
    assert sorted(path.name for path in other.glob("*.html")) == ["index.html", "plan-2.html"]
    links = [link.attributes["href"] for link in read_page(other / "index.html").find_all("a")]
    assert "plan.html" not in links


@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_read_it(size: str, folder: Path, opened: Opened) -> None:
    """By axe, on every screen; no name in it runs."""
    seen = opened(folder / "plan.html", viewport=SIZES[size])
    check(seen, RULES)
    assert (seen.violations, seen.accidents) == ([], [])
