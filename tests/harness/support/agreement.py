"""Comparing the tables of models and oracle, on worlds that Hypothesis draws.

`HYPOTHESIS_PROFILE=nightly` draws many more worlds. A failure names the smallest world that fails.
"""

import math
import os
from collections.abc import Callable, Iterable

import pytest
from compiled import PUBLIC_TABLES, KeyTwiceError
from engine.run import ModelError
from hypothesis import HealthCheck, Phase, Verbosity, settings
from oracle.metrics import Metric
from oracle.raw import Settings, Table, World
from oracle.shop import SHOP_METRICS
from oracle.tables import evaluate
from shrinking import minimal, shown
from worlds import BOT_PATTERNS

COMMON = settings(
    deadline=None,
    database=None,
    # Failing worlds are shrunk by `minimal`, and shown by the failure itself.
    phases=[Phase.explicit, Phase.generate],
    verbosity=Verbosity.quiet,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("default", COMMON, max_examples=30, derandomize=True)
settings.register_profile("nightly", COMMON, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
MAX_EXAMPLES = settings().max_examples

DEFAULTS = Settings(bot_patterns=BOT_PATTERNS)


def is_same(expected: object, actual: object) -> bool:
    """Compare keys, texts and integers exactly, fractions to nine digits."""
    if isinstance(expected, float) and isinstance(actual, float):
        return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-9)
    return expected == actual


def table_differences(name: str, expected: Table, actual: Table) -> list[str]:
    """Say where two tables differ."""
    found = [f"{name}{list(key)} is missing" for key in expected.keys() - actual.keys()]
    found += [f"{name}{list(key)} is too many" for key in actual.keys() - expected.keys()]
    for key in expected.keys() & actual.keys():
        found += [
            f"{name}{list(key)}.{column} is {value!r}, not {expected[key][column]!r}"
            for column, value in actual[key].items()
            if not is_same(expected[key][column], value)
        ]
    return sorted(found)


def differences(expected: dict[str, Table], actual: dict[str, Table]) -> list[str]:
    """Say where the expected tables differ from the actual ones."""
    return [
        difference
        for name in expected
        for difference in table_differences(name, expected[name], actual[name])
    ]


def assert_none(world: World, check: Callable[[World], list[str]]) -> None:
    """Fail where a check finds differences in a world; name the smallest world that has any."""

    def found(world: World) -> list[str]:
        try:
            return check(world)
        except (ModelError, KeyTwiceError) as error:
            return [str(error)]

    if found(world):
        smallest = minimal(world, lambda smaller: bool(found(smaller)))
        lines = "\n".join(f"  {difference}" for difference in found(smallest))
        pytest.fail(f"In this world\n{shown(smallest)}\nthere are differences\n{lines}")


def oracle_tables(
    world: World, names: Iterable[str] = PUBLIC_TABLES, metrics: Iterable[Metric] = SHOP_METRICS
) -> dict[str, Table]:
    """Evaluate a world; give the tables by name."""
    expected = evaluate(world, metrics)
    return {name: getattr(expected, name) for name in names}
