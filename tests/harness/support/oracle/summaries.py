"""What the observations of many units come to: caps, moments, and the summary of a variation."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import NamedTuple
from unittest.mock import ANY

from oracle.metrics import Cap, Metric
from oracle.observing import Observation

MEASURES = ("observation", "denominator", "covariate", "covariate_denominator")


def rounded(number: Fraction | None) -> float | None:
    """Round once, at the end."""
    return None if number is None else float(number)


# --- caps ---------------------------------------------------------------------------------------


class Bounds(NamedTuple):
    """Between what a metric's observations are limited; None is no limit."""

    lower: Fraction | None = None
    upper: Fraction | None = None

    def limited(self, number: Fraction | None) -> Fraction | None:
        """Limit a number; of bounds that cross, the upper one holds."""
        if number is None:
            return None
        raised = number if self.lower is None else max(number, self.lower)
        return raised if self.upper is None else min(raised, self.upper)


def percentile(numbers: Iterable[Fraction], level: float) -> Fraction | None:
    """Give the number at a level from 0 to 1, between two by the distance to each (type 7)."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    position = (len(ordered) - 1) * Fraction(str(level))
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def bounds_of(
    cap: Cap | None, observations: Iterable[Observation], measure: str = "observation"
) -> Bounds:
    """Give the bounds of a cap; its percentiles are of all units of the experiment."""
    if cap is None:
        return Bounds()
    numbers = [getattr(each, measure) for each in observations if each.observation is not None]
    if cap.over == "non_zero":
        numbers = [number for number in numbers if number != 0]

    def bound(value: float | None, level: float | None) -> Fraction | None:
        if level is not None:
            return percentile(numbers, level)
        return None if value is None else Fraction(value)

    return Bounds(bound(cap.lower, cap.lower_percentile), bound(cap.upper, cap.upper_percentile))


def capped(each: Observation, bounds: Bounds, below: Bounds) -> Observation:
    """Limit an observation and its covariate by the same bounds, and the denominators by theirs."""
    return each._replace(
        observation=bounds.limited(each.observation),
        denominator=below.limited(each.denominator),
        covariate=bounds.limited(each.covariate),
        covariate_denominator=below.limited(each.covariate_denominator),
    )


# --- variations ---------------------------------------------------------------------------------


def covariance(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> Fraction:
    """Give the sample covariance of two or more pairs."""
    count = len(xs)
    mean_x, mean_y = sum(xs, Fraction(0)) / count, sum(ys, Fraction(0)) / count
    products = [(x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)]
    return sum(products, Fraction(0)) / (count - 1)


def third_moment(*columns: Sequence[Fraction]) -> Fraction:
    """Give the mean of the products of three columns' distances from their means."""
    count = len(columns[0])
    distances = [[x - sum(column) / count for x in column] for column in columns]
    return sum((x * y * z for x, y, z in zip(*distances, strict=True)), Fraction(0)) / count


def present(observations: Iterable[Observation]) -> list[Observation]:
    """Keep the units that have an observation: the others are no units of the metric."""
    return [each for each in observations if each.observation is not None]


def summary_of_means(numerators: list[Fraction]) -> dict[str, object]:
    """Summarise a metric without denominators."""
    count = len(numerators)
    observation_sum = sum(numerators, Fraction(0)) if count else None
    return {
        "unit_count": count,
        "observation_sum": rounded(observation_sum),
        "denominator_sum": None,
        "metric_value": rounded(observation_sum / count) if count else None,
        "variance": rounded(covariance(numerators, numerators)) if count > 1 else None,
    }


def summary_of_ratio(numerators: list[Fraction], denominators: list[Fraction]) -> dict[str, object]:
    """Summarise a ratio; its variance is that of the delta method."""
    count = len(numerators)
    observation_sum = sum(numerators, Fraction(0)) if count else None
    denominator_sum = sum(denominators, Fraction(0)) if count else None
    ratio = observation_sum / denominator_sum if denominator_sum else None
    variance = None
    if ratio is not None and count > 1:
        mean = denominator_sum / count
        variance = (
            covariance(numerators, numerators)
            - 2 * ratio * covariance(numerators, denominators)
            + ratio**2 * covariance(denominators, denominators)
        ) / mean**2
    return {
        "unit_count": count,
        "observation_sum": rounded(observation_sum),
        "denominator_sum": rounded(denominator_sum),
        "metric_value": rounded(ratio),
        "variance": rounded(variance),
    }


def quantile(numbers: Iterable[Fraction], level: float) -> Fraction | None:
    """Give the smallest number that at least this share of the numbers do not exceed."""
    ordered = sorted(numbers)
    for number, value in enumerate(ordered, start=1):
        if Fraction(number, len(ordered)) >= Fraction(str(level)):
            return value
    return None


def summary_of_quantile(metric: Metric, observations: list[Observation]) -> dict[str, object]:
    """Summarise a quantile, of units or of events; its variance is checked elsewhere."""
    numbers = (
        [value for each in observations for value in each.event_values]
        if metric.of == "events"
        else [each.observation for each in observations]
    )
    return {
        "unit_count": len(observations),
        "observation_sum": None,
        "denominator_sum": None,
        "metric_value": rounded(quantile(numbers, metric.quantile)),
        "variance": ANY,
    }


def summary(metric: Metric, observations: Iterable[Observation]) -> dict[str, object]:
    """Summarise the observations of a variation."""
    units = present(observations)
    if metric.is_quantile:
        return summary_of_quantile(metric, units)
    numerators = [each.observation for each in units]
    if any(each.is_ratio for each in units):
        return summary_of_ratio(numerators, [each.denominator for each in units])
    return summary_of_means(numerators)


# --- moments ------------------------------------------------------------------------------------


def moments(observations: Iterable[Observation]) -> dict[str, object]:
    """Give count, sums, means, variances, covariances and third moments of what was measured."""
    units = present(observations)
    measured = {measure: [getattr(each, measure) for each in units] for measure in MEASURES}
    measured = {name: column for name, column in measured.items() if None not in column and column}
    found: dict[str, object] = {"unit_count": len(units)}
    for name in ("observation", "denominator"):
        found[f"{name}_sum"] = rounded(sum(measured[name])) if name in measured else None
    for number, one in enumerate(MEASURES):
        mean = sum(measured[one]) / len(units) if one in measured else None
        found[f"{one}_mean"] = rounded(mean)
        for other in MEASURES[number:]:
            name = f"{one}_variance" if one == other else f"{one}_{other}_covariance"
            has_both = one in measured and other in measured and len(units) > 1
            found[name] = rounded(covariance(measured[one], measured[other])) if has_both else None
    for names in combinations_with_replacement(MEASURES, 3):
        is_pure = names[0] == names[2]
        name = f"{names[0]}_third_moment" if is_pure else f"{'_'.join(names)}_coskew"
        has_all = set(names) <= set(measured)
        found[name] = (
            rounded(third_moment(*(measured[each] for each in names))) if has_all else None
        )
    return found
