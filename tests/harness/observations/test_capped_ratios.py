"""A cap of a ratio limits its numerator and its denominator, each by its own bounds.

Every order costs the same, so that the ratio is its price, however much a few buyers order. A cap
of the numerator alone would make whoever orders a lot look cheap.
"""

from dataclasses import replace

import pytest
from agreement import DEFAULTS
from compiled import CompiledProject, TableSpec, bare_project, dbt_vars
from metric_cases import PURCHASE, REVENUE
from metric_files import declare_metrics
from oracle.metrics import Cap, Metric, Part
from oracle.raw import DAY, HOUR, Attribute, Decision, Event, Key, NamedVariation, Table, World
from worlds import T0

PRICE = 2000
CAPS = {
    "all": Cap(upper_percentile=0.99),
    "buyers": Cap(upper_percentile=0.95, over="non_zero"),
    "both ends": Cap(lower_percentile=0.02, upper_percentile=0.98, over="non_zero"),
}
ORDERS = Part("count", where=PURCHASE)
METRICS = [
    Metric(
        name,
        "ratio",
        numerator=Part("sum", where=PURCHASE, value=REVENUE),
        denominator=ORDERS,
        cap=cap,
        cuped=True,
    )
    for name, cap in CAPS.items()
]
KEY = ("metric_name", "variation_id", "estimator")
RESULT = ("metric_value", "reference_metric_value", "absolute_lift", "p_value", "status")
TABLES = {
    "experiment_results": TableSpec(KEY, RESULT),
    "experiment_results_by_segment": TableSpec((*KEY, "segment_name", "segment_value"), RESULT),
    "experiment_results_by_day": TableSpec((*KEY, "as_of_date"), RESULT),
}


@pytest.fixture(scope="module")
def capped_project(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    """Compile the project with these metrics."""
    folder = tmp_path_factory.mktemp("capped")
    project = bare_project(folder / "project")
    declare_metrics(project, METRICS)
    return CompiledProject(folder, dbt_vars(DEFAULTS), project=project, tables=TABLES)


def orders_of(number: int, *, is_heavy: bool) -> int:
    """Give a fifth of the visitors one order or two; of these a few thirty."""
    if number % 5:
        return 0
    return 30 if is_heavy and number < 25 else 1 + number // 5 % 2


def world(heavy: str) -> World:
    """Make variations of 200 that differ in their heavy buyers alone, before the exposure too."""
    decisions, events = [], []
    for variation in ("control", "treatment"):
        for number in range(200):
            visitor = f"{variation} {number}"
            browser = Attribute("browser", "custom", "ff" if number % 2 else "safari")
            decisions.append(
                Decision(visitor, T0, visitor, "exp", variation, attributes=(browser,))
            )
            for order in range(orders_of(number, is_heavy=variation == heavy)):
                for name, hours in (("after", 1 + order % 3 * 12), ("before", -1)):
                    events.append(
                        Event(
                            f"{visitor} {order} {name}",
                            T0 + hours * HOUR,
                            visitor,
                            "purchase",
                            revenue=PRICE,
                        )
                    )
    names = tuple(
        NamedVariation("exp", "exp", name, name, is_reference=name == "control")
        for name in ("control", "treatment")
    )
    settings = replace(DEFAULTS, as_of=T0 + 3 * DAY)
    return World(tuple(decisions), tuple(events), named_variations=names, settings=settings)


@pytest.mark.parametrize("heavy", ["treatment", "control"])
def test_a_price_that_nobody_changed_is_the_same_capped(
    capped_project: CompiledProject, heavy: str
) -> None:
    """In the whole experiment, in segments and on each day, raw, capped and adjusted."""
    found = capped_project.run(world(heavy))
    for table in TABLES:
        rows: dict[Key, dict[str, object]] = {
            key: row for key, row in found[table].items() if row["status"] != "reference"
        }
        assert {key[0] for key in rows} == set(CAPS)
        assert {key[2] for key in rows} == {"raw", "capped", "cuped"}
        wrong: Table = {key: row for key, row in rows.items() if not is_the_price(row)}
        assert wrong == {}


def is_the_price(row: dict[str, object]) -> bool:
    """Say whether both variations have the price, and nothing is made of their difference."""
    prices = (row["metric_value"], row["reference_metric_value"])
    return (
        prices == pytest.approx((PRICE, PRICE))
        and row["absolute_lift"] == pytest.approx(0, abs=1e-9)
        and row["p_value"] is None
        and row["status"] == "zero_variance"
    )
