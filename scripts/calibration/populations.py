"""What simulated units do, and what is true of them.

Every population has the true value of its metric without and with a lift. A covariate, what the
unit did before it was exposed, knows nothing of the lift.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import integrate, optimize, stats

LIFT = 0.1
Columns = dict[str, np.ndarray]
Draw = Callable[[np.random.Generator, np.ndarray], Columns]
Shares = tuple[float, float, float]

WEALTH_SHAPE = 4.0
MEAN_SPEND = 10.0
CAP = 0.95
QUANTILE = 0.5
LATENCY_SPREAD = 0.5
TASKS = 2.0


@dataclass(frozen=True)
class Population:
    """A kind of metric: the flags of dim_metrics, what units do, and the truth."""

    draw: Draw
    """Gives the observations of units, from the factor by which each unit's value is lifted."""
    true_value: Callable[[float, str, Shares], float]
    """Gives the value of the metric at a factor, by estimator and shares of the variations."""
    metric: Mapping[str, object] = field(default_factory=dict)
    estimators: tuple[str, ...] = ("raw",)
    is_event: bool = False


def _wealth(random: np.random.Generator, count: int) -> np.ndarray:
    return random.standard_gamma(WEALTH_SHAPE, count) / WEALTH_SHAPE


def draw_spend(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw gamma distributed amounts: skewness 1.4."""
    return {"observation": random.standard_gamma(2, len(factor)) * MEAN_SPEND / 2 * factor}


def true_spend(factor: float, estimator: str, shares: Shares) -> float:
    """Work out the mean; for capped amounts below a percentile of all variations together."""
    if estimator == "raw":
        return MEAN_SPEND * factor
    factors = np.array([1, 1, 1 + LIFT])

    def share_below(amount: float) -> float:
        return float(np.dot(shares, stats.gamma.cdf(amount, 2, scale=MEAN_SPEND / 2 * factors)))

    cap = optimize.brentq(lambda amount: share_below(amount) - CAP, 0, 1000)
    below, _ = integrate.quad(stats.gamma.sf, 0, cap, args=(2, 0, MEAN_SPEND / 2 * factor))
    return below


def draw_spend_with_history(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw amounts of units who spent before by the same wealth: correlation 0.29."""
    wealth = _wealth(random, len(factor)) * MEAN_SPEND / 2
    return {
        "observation": random.standard_gamma(2, len(factor)) * wealth * factor,
        "covariate": random.standard_gamma(2, len(factor)) * wealth,
    }


def _draw_lognormal(sigma: float) -> Draw:
    def draw(random: np.random.Generator, factor: np.ndarray) -> Columns:
        return {"observation": random.lognormal(0, sigma, len(factor)) * factor}

    return draw


def _draw_conversions(share: float) -> Draw:
    def draw(random: np.random.Generator, factor: np.ndarray) -> Columns:
        return {"observation": (random.random(len(factor)) < share * factor).astype(float)}

    return draw


def draw_ratio(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw visits and what was spent in them, now and before; the wealthy visit and pay more."""
    wealth = _wealth(random, len(factor))
    visits, past = (1 + random.poisson(2 * wealth) for _ in range(2))
    return {
        "observation": random.standard_gamma(visits) * MEAN_SPEND * wealth * factor,
        "denominator": visits.astype(float),
        "covariate": random.standard_gamma(past) * MEAN_SPEND * wealth,
        "covariate_denominator": past.astype(float),
    }


def _draw_orders(buyers: float) -> Draw:
    """Draw one order or more of some units, at a log-normal price of the unit's own."""

    def draw(random: np.random.Generator, factor: np.ndarray) -> Columns:
        buys = random.random(len(factor)) < buyers
        orders = buys * (1.0 + random.poisson(1, len(factor)))
        price = random.lognormal(0, 0.5, len(factor))
        return {"observation": orders * price * factor, "denominator": orders}

    return draw


def _draw_revenue(buyers: float, sigma: float) -> Draw:
    """Draw log-normal amounts of some units, and nothing of the others."""

    def draw(random: np.random.Generator, factor: np.ndarray) -> Columns:
        amounts = np.zeros(len(factor))
        buys = random.random(len(factor)) < buyers
        amounts[buys] = random.lognormal(0, sigma, np.count_nonzero(buys))
        return {"observation": amounts * factor}

    return draw


def draw_loyal_spend(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw log-normal amounts now and before, by the same log-normal wealth."""
    wealth, now, before = (random.normal(0, 0.5, len(factor)) for _ in range(3))
    return {"observation": np.exp(wealth + now) * factor, "covariate": np.exp(wealth + before)}


def draw_foreseen_spend(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw amounts of whose variance the past foretells three quarters; the rest is skewed."""
    before = random.normal(0, 1, len(factor))
    rest = (random.lognormal(0, 1, len(factor)) - np.exp(0.5)) / np.sqrt(np.exp(2) - np.exp(1))
    spend = MEAN_SPEND + np.sqrt(0.75) * before + np.sqrt(0.25) * rest
    return {"observation": spend * factor, "covariate": MEAN_SPEND + before}


def true_ratio(factor: float, _estimator: str, _shares: Shares) -> float:
    """Work out spend per visit: E[w(1 + 2w)] / E[1 + 2w] for wealth w of mean 1."""
    return MEAN_SPEND * factor * (1 + 2 * (1 + 1 / WEALTH_SHAPE)) / 3


def draw_latency(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw one log-normal latency per unit."""
    return {"observation": np.exp(random.normal(0, LATENCY_SPREAD, len(factor))) * factor}


def draw_task_latencies(random: np.random.Generator, factor: np.ndarray) -> Columns:
    """Draw a log-normal latency per task: units are slow or fast, and have few or many tasks."""
    tasks = 1 + random.poisson(TASKS, len(factor))
    unit = np.repeat(np.arange(len(factor)), tasks)
    speed = random.normal(0, LATENCY_SPREAD * np.sqrt(0.5), len(factor))
    noise = random.normal(0, LATENCY_SPREAD * np.sqrt(0.5), len(unit))
    return {"observation": np.exp(speed[unit] + noise) * factor[unit], "unit": unit}


def true_latency(factor: float, _estimator: str, _shares: Shares) -> float:
    """Work out the quantile of a log-normal distribution, whatever the number of tasks."""
    return float(factor * np.exp(LATENCY_SPREAD * stats.norm.ppf(QUANTILE)))


def _proportional(value: float) -> Callable[[float, str, Shares], float]:
    return lambda factor, _estimator, _shares: value * factor


QUANTILE_METRIC = {"is_quantile": True, "quantile_level": QUANTILE}
POPULATIONS: dict[str, Population] = {
    "mean": Population(
        draw_spend,
        true_spend,
        {"has_cap": True, "cap_upper_percentile": CAP},
        ("raw", "capped"),
    ),
    "mean with history": Population(
        draw_spend_with_history, _proportional(MEAN_SPEND), {"has_covariate": True}, ("cuped",)
    ),
    "conversion": Population(_draw_conversions(0.5), _proportional(0.5)),
    "ratio": Population(
        draw_ratio, true_ratio, {"is_ratio": True, "has_covariate": True}, ("raw", "cuped")
    ),
    "quantile of units": Population(draw_latency, true_latency, QUANTILE_METRIC),
    "quantile of events": Population(
        draw_task_latencies,
        true_latency,
        {**QUANTILE_METRIC, "is_event_quantile": True},
        is_event=True,
    ),
    "rare conversion": Population(_draw_conversions(0.02), _proportional(0.02)),
    "heavy tails": Population(_draw_lognormal(2), _proportional(float(np.exp(2)))),
    "plain mean": Population(draw_spend, true_spend),
    **{
        f"{share:.0%} conversion": Population(_draw_conversions(share), _proportional(share))
        for share in (0.01, 0.1, 0.8)
    },
    **{
        f"revenue of {buyers:.0%}": Population(
            _draw_revenue(buyers, 1), _proportional(buyers * float(np.exp(0.5)))
        )
        for buyers in (0.02, 0.05, 0.1)
    },
    **{
        f"revenue per order of {buyers:.0%}": Population(
            _draw_orders(buyers), _proportional(float(np.exp(0.125))), {"is_ratio": True}
        )
        for buyers in (0.1, 1)
    },
    "loyal spend": Population(
        draw_loyal_spend,
        _proportional(float(np.exp(0.25))),
        {"has_covariate": True},
        ("cuped",),
    ),
    "foreseen spend": Population(
        draw_foreseen_spend, _proportional(MEAN_SPEND), {"has_covariate": True}, ("cuped",)
    ),
    "skewed mean": Population(_draw_lognormal(1), _proportional(float(np.exp(0.5)))),
}
