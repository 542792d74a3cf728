"""What the colours of the studio's button truly do: the one source of the known effects.

`studio_experiments` makes visitors behave so, `truth.json` says it, and the tests hold the export
to it. A lift is relative to the first colour, the control; where a table lacks a country, there is
none.
"""

from typing import NamedTuple


class Country(NamedTuple):
    """What a country's visitors are like, whatever they see."""

    share: float
    visited_sign_up_rate: float
    task_milliseconds: float


# By the names of COUNTRIES; the shares add up to 1, and the milliseconds are medians.
BY_COUNTRY = {
    "US": Country(0.28, 0.42, 400.0),
    "GB": Country(0.20, 0.38, 450.0),
    "DE": Country(0.20, 0.36, 450.0),
    "FR": Country(0.16, 0.34, 480.0),
    "BR": Country(0.16, 0.40, 650.0),
}

COLOURS = ("blue", "green", "orange", "purple")

# The share of visitors who visit the sign-up page: green invites, except in Brazil.
# The latency of tasks at p90, its median unchanged: orange is slow, most of all in Brazil.
# The tasks of a visitor: purple keeps people busy, except in France.
# The page views of a visitor, which are to be guarded: hardly anything moves them.
LIFTS: dict[str, dict[str, dict[str, float]]] = {
    "visited_sign_up_rate": {
        "green": {"US": 0.30, "GB": 0.30, "DE": 0.25, "FR": 0.25, "BR": -0.40},
    },
    "task_latency_p90": {
        "orange": {"US": 0.20, "GB": 0.30, "DE": 0.30, "FR": 0.30, "BR": 0.60},
    },
    "tasks": {
        "purple": {"US": 0.25, "GB": 0.25, "DE": 0.25, "BR": 0.25},
    },
    "page_views": {
        "purple": dict.fromkeys(BY_COUNTRY, -0.01),
    },
}


def lift(metric: str, colour: str, country: str) -> float:
    """Give a true relative lift; 0 where there is no effect."""
    return LIFTS[metric].get(colour, {}).get(country, 0.0)


def lifts_of(colour: str) -> dict[str, dict[str, float]]:
    """Give all true lifts of a colour, by country and metric."""
    return {
        country: {metric: lift(metric, colour, country) for metric in LIFTS}
        for country in BY_COUNTRY
    }
