"""Makes the seeds of the integration tests: two exposure logs and two logs of what users did.

Always the same rows. They are those of an app that logs exposures as Statsig does (a button's
colour, four groups; a feature gate, open to four users in five), and of a shop that logs them as
GrowthBook's trackers do.
"""

import csv
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
START = datetime(2024, 3, 4, tzinfo=UTC)
COUNTRIES = ("US", "DE", "BR")
SIGN_UP_RATES = {"blue": 0.30, "green": 0.45, "orange": 0.30, "purple": 0.35}
ORDER_RATES = {"0": 0.2, "1": 0.3}


def written(moment: datetime) -> str:
    """Write a time as the seeds have it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def write(name: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Write a seed."""
    with (SEEDS / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def app(draw: random.Random) -> tuple[list[tuple], list[tuple]]:
    """Draw the app's exposures and events."""
    exposures: list[tuple] = []
    events: list[tuple] = []
    for number in range(600):
        user, country = f"u{number:04d}", draw.choice(COUNTRIES)
        seen = START + timedelta(minutes=draw.randrange(7 * 1440))
        group = draw.choice(tuple(SIGN_UP_RATES))
        is_open = draw.random() < 0.8  # noqa: PLR2004 - the gate's share
        exposures.append((written(seen), user, "button_colour", group, country))
        exposures.append((written(seen), user, "new_home", str(is_open).lower(), country))
        if draw.random() < 0.3:  # noqa: PLR2004 - logs repeat themselves
            again = seen + timedelta(hours=draw.randrange(1, 40))
            exposures.append((written(again), user, "button_colour", group, country))
        if draw.random() < SIGN_UP_RATES[group]:
            at = seen + timedelta(minutes=draw.randrange(1, 4000))
            events.append((written(at), user, "visited_signup", ""))
        for day in range(7):
            if draw.random() < (0.5 if is_open else 0.4):
                at = seen + timedelta(days=day, minutes=draw.randrange(600))
                events.append((written(at), user, "active", draw.randrange(1, 50)))
    return exposures, events


def shop(draw: random.Random) -> tuple[list[tuple], list[tuple]]:
    """Draw the shop's exposures and orders."""
    exposures: list[tuple] = []
    orders: list[tuple] = []
    for number in range(300):
        user, variation = f"c{number}", draw.choice(tuple(ORDER_RATES))
        seen = START + timedelta(minutes=draw.randrange(7 * 1440))
        exposures.append((user, "checkout-layout", variation, written(seen), "web"))
        if draw.random() < ORDER_RATES[variation]:
            at = seen + timedelta(minutes=draw.randrange(1, 2800))
            orders.append((f"o{len(orders)}", user, written(at), draw.randrange(500, 20000)))
    return exposures, orders


def main() -> None:
    """Write all seeds."""
    draw = random.Random(20240304)  # noqa: S311 - the sample is no secret
    exposures, events = app(draw)
    write("app_exposure_log", ("timestamp", "user_id", "experiment", "group", "country"), exposures)
    write("app_event_log", ("timestamp", "user_id", "event_name", "value"), events)
    exposures, orders = shop(draw)
    columns = ("user_id", "experiment_id", "variation_id", "timestamp", "platform")
    write("shop_experiment_viewed", columns, exposures)
    write("shop_orders", ("order_id", "user_id", "ordered_at", "amount_cents"), orders)


if __name__ == "__main__":
    main()
