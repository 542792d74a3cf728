"""The golden world: two small experiments that nothing is wrong with, for faults to change."""

from oracle.raw import DAY, HOUR, Attribute, Call, Decision, Event, Millis, NamedVariation, World
from worlds import T0, call_start

EXPERIMENTS = ("e1", "e2")
UNITS, DAYS = 60, 3
MINUTE: Millis = 60 * 1000
DELAY: Millis = 1000
ELECTRONICS = (("category", "electronics"),)


def exposed_at(number: int) -> Millis:
    """Give the time at which an experiment's visitor of that number is exposed."""
    return T0 + number % DAYS * DAY + number * MINUTE


def decision(experiment: str, number: int) -> Decision:
    """Expose a visitor: even numbers to a, the reference, odd ones to b."""
    at = exposed_at(number)
    return Decision(
        uuid=f"{experiment}-d{number:02d}",
        timestamp=at,
        visitor_id=f"{experiment}-v{number:02d}",
        experiment_id=experiment,
        variation_id="ab"[number % 2],
        process_timestamp=at + DELAY,
        attributes=(
            Attribute("browser", "custom", "safari" if number // 2 % 2 else "chrome", id="1"),
        ),
    )


def purchase(experiment: str, number: int) -> Event:
    """Let a visitor buy something an hour after the exposure."""
    at = exposed_at(number) + HOUR
    return Event(
        uuid=f"{experiment}-p{number:02d}",
        timestamp=at,
        visitor_id=f"{experiment}-v{number:02d}",
        event_name="purchase",
        process_timestamp=at + DELAY,
        revenue=1000 + number,
        tags=ELECTRONICS,
    )


def view(experiment: str, number: int) -> Event:
    """Let a visitor look at something half an hour after the exposure."""
    at = exposed_at(number) + HOUR // 2
    return Event(
        uuid=f"{experiment}-w{number:02d}",
        timestamp=at,
        visitor_id=f"{experiment}-v{number:02d}",
        event_name="detail_page_view",
        process_timestamp=at + DELAY,
    )


def golden_world() -> World:
    """Make the world: all visitors look, two in three buy, some call; all windows have ended."""
    units = [(experiment, number) for experiment in EXPERIMENTS for number in range(UNITS)]
    ends_at = T0 + (DAYS + 3) * DAY
    callers = [(f"{name}-v{number:02d}", exposed_at(number) + HOUR) for name, number in units[::9]]
    return World(
        decisions=tuple(decision(*unit) for unit in units),
        events=(
            *(purchase(*unit) for unit in units if unit[1] % 3),
            *(view(*unit) for unit in units),
        ),
        calls=tuple(
            Call(visitor, call_start(at, is_padded=False), "2")
            for visitor, at in (*callers, ("somebody", ends_at))
        ),
        named_variations=tuple(
            NamedVariation(
                experiment,
                f"experiment {experiment}",
                variation,
                {"a": "control", "b": "treatment"}[variation],
                is_reference=variation == "a",
                traffic_share=0.5,
            )
            for experiment in EXPERIMENTS
            for variation in "ab"
        ),
    )
