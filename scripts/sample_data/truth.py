"""What a right pipeline finds in an export, counted on the compact rows: `truth.json`."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.model import (
    BROWSERS,
    EVENT_NAMES,
    HOUR,
    NEVER,
    PICOMINUTES,
    PRODUCT_CENTS,
    PRODUCTS,
    PURCHASE,
    Arm,
    Dataset,
    Integers,
    Role,
)

GENERATOR = "generate_sample_data"
ELECTRONICS = [number for number, one in enumerate(PRODUCTS) if one.category == "electronics"]


def truth(dataset: Dataset) -> dict[str, Any]:
    """Describe an export: its size, its dirt, the rows that must not count, and the results."""
    decisions, events, calls = dataset.decisions, dataset.events, dataset.calls
    return {
        "generator": GENERATOR,
        "mode": dataset.mode,
        "seed": dataset.seed,
        "settings": dataset.settings,
        "row_counts": {
            "decisions": len(decisions),
            "events": len(events),
            "calls": len(calls),
        },
        "dirt": _dirt(dataset),
        "excluded_rows": {
            "decisions": _nonzero(_excluded_decisions(dataset)),
            "events": _nonzero(_excluded_events(dataset)),
            "calls": _nonzero(_excluded(dataset, calls, {Role.TESTER: "excluded_visitor"})),
        },
        "variations": _variations(dataset),
    }


def _dirt(dataset: Dataset) -> dict[str, int]:
    """Count each kind of dirt."""
    visitors, decisions, events = dataset.visitors, dataset.decisions, dataset.events
    first = decisions.drop_duplicates("key")
    is_unit = visitors.role[first["visitor"]] == Role.EXPOSED
    units = int((visitors.arm[visitors.with_role(Role.EXPOSED)] >= 0).sum())
    arms = first.loc[is_unit, ["visitor", "arm"]].drop_duplicates()
    return {
        "duplicate_decisions": len(decisions) - len(first),
        "duplicate_events": len(events) - int(events["key"].nunique()),
        "upper_case_decision_uuids": int(decisions["is_upper_case"].sum()),
        "upper_case_event_uuids": int(events["is_upper_case"].sum()),
        "repeat_decisions": int(is_unit.sum()) - len(arms),
        "crossover_units": len(arms) - units,
        "holdback_visitors": len(visitors.with_role(Role.HOLDBACK)),
        "bot_visitors": len(visitors.with_role(Role.BOT)),
        "excluded_visitors": len(visitors.with_role(Role.TESTER)),
        "unexposed_visitors": len(visitors.with_role(Role.UNEXPOSED)),
        "late_decisions": _late_rows(decisions),
        "late_events": _late_rows(events),
    }


def _late_rows(rows: pd.DataFrame) -> int:
    """Count the rows that were processed more than an hour after they happened."""
    return int((rows["processed_at"] - rows["occurred_at"] > HOUR).sum())


def _nonzero(counts: dict[str, int]) -> dict[str, int]:
    """Leave out what there is none of, as the pipeline's table does."""
    return {reason: count for reason, count in counts.items() if count}


def _excluded_decisions(dataset: Dataset) -> dict[str, int]:
    """Count the decisions that make no unit, by the pipeline's reasons."""
    first = dataset.decisions.drop_duplicates("key")
    role = dataset.visitors.role[first["visitor"]]
    units = int((dataset.visitors.arm[dataset.visitors.with_role(Role.EXPOSED)] >= 0).sum())
    return {
        "duplicate_id": len(dataset.decisions) - len(first),
        "holdback": int((role == Role.HOLDBACK).sum()),
        "bot": int((role == Role.BOT).sum()),
        "excluded_visitor": int((role == Role.TESTER).sum()),
        "repeat_exposure": int((role == Role.EXPOSED).sum()) - units,
    }


def _excluded_events(dataset: Dataset) -> dict[str, int]:
    """Count the events that no experiment gets, by the pipeline's reasons."""
    first = dataset.events.drop_duplicates("key")
    reasons = {Role.BOT: "bot", Role.TESTER: "excluded_visitor"}
    duplicates = {"duplicate_id": len(dataset.events) - len(first)}
    return duplicates | _excluded(dataset, first, reasons)


def _excluded(dataset: Dataset, rows: pd.DataFrame, reasons: dict[Role, str]) -> dict[str, int]:
    """Count rows outside every window; those of `reasons` have a reason of their own."""
    visitors = dataset.visitors
    visitor, at = rows["visitor"].to_numpy(), rows["occurred_at"].to_numpy()
    role = visitors.role[visitor]
    is_unit = role == Role.EXPOSED
    is_early = at < visitors.exposed_at[visitor].min(axis=1)
    is_inside = np.zeros(len(rows), dtype=bool)
    for place in range(visitors.arm.shape[1]):
        is_inside |= _is_in_window(dataset, visitor, at, place)
    counts = {reason: int((role == one).sum()) for one, reason in reasons.items()}
    named = np.isin(role, list(reasons))
    return counts | {
        "not_exposed": int((~is_unit & ~named).sum()),
        "before_exposure": int((is_unit & is_early).sum()),
        "after_window": int((is_unit & ~is_early & ~is_inside).sum()),
    }


def _is_in_window(
    dataset: Dataset, visitor: Integers, at: Integers, place: int
) -> NDArray[np.bool_]:
    """Say what lies in the window of the exposure in column `place`, both ends included."""
    exposed_at = dataset.visitors.exposed_at[visitor, place]
    window = np.array([arm.window for arm in dataset.arms])[dataset.visitors.arm[visitor, place]]
    return (exposed_at != NEVER) & (exposed_at <= at) & (at <= exposed_at + window)


def _variations(dataset: Dataset) -> list[dict[str, Any]]:
    """Give each variation's true lifts and what its units did, in all and by browser."""
    sums = _sums(dataset)
    listed = []
    for number, arm in enumerate(dataset.arms):
        of_arm = {name: sums[name][number] for name in _result_names(arm)}
        browsers = enumerate((*BROWSERS, "(not set)"))
        listed.append(
            {
                "experiment_id": arm.experiment_id,
                "experiment_name": arm.experiment_name,
                "variation_id": arm.variation_id,
                "variation_name": arm.variation_name,
                "relative_lift": arm.relative_lift,
                **({"lift_by_country": arm.lift_by_country} if arm.lift_by_country else {}),
                **_readable({name: total.sum() for name, total in of_arm.items()}),
                "by_browser": {
                    browser: _readable({name: total[place] for name, total in of_arm.items()})
                    for place, browser in browsers
                    if of_arm["unit_count"][place]
                },
            },
        )
    return listed


def _result_names(arm: Arm) -> list[str]:
    """Name the sums that say something about an arm."""
    names = ["unit_count", *arm.event_names]
    if EVENT_NAMES[PURCHASE] in names:
        names += ["purchasers", "electronics_cents", "support_calls", "support_picominutes"]
    return names


def _readable(sums: dict[str, np.int64]) -> dict[str, int | float]:
    whole = {name: int(total) for name, total in sums.items() if name != "support_picominutes"}
    if "support_picominutes" not in sums:
        return whole
    return whole | {"support_minutes": int(sums["support_picominutes"]) / PICOMINUTES}


def _sums(dataset: Dataset) -> dict[str, Integers]:
    """Add up what units did inside their windows; each array is (arms, browsers and none)."""
    events, calls = dataset.events.drop_duplicates("key"), dataset.calls
    names = ("unit_count", *EVENT_NAMES, "purchasers", "electronics_cents")
    call_names = ("support_calls", "support_picominutes")
    shape = (len(dataset.arms), len(BROWSERS) + 1)
    sums = {name: np.zeros(shape, dtype=np.int64) for name in (*names, *call_names)}
    for place in range(dataset.visitors.arm.shape[1]):
        _add_units(dataset, sums, place)
        _add_events(dataset, sums, place, events)
        _add_calls(dataset, sums, place, calls)
    return sums


def _add_units(dataset: Dataset, sums: dict[str, Integers], place: int) -> None:
    units = dataset.visitors.with_role(Role.EXPOSED)
    units = units[dataset.visitors.arm[units, place] >= 0]
    np.add.at(sums["unit_count"], _cell(dataset, units, place), 1)


def _add_events(
    dataset: Dataset, sums: dict[str, Integers], place: int, events: pd.DataFrame
) -> None:
    used = events[_counts(dataset, events, place)]
    visitor, kind = used["visitor"].to_numpy(), used["kind"].to_numpy()
    detail = used["detail"].to_numpy()
    for number, name in enumerate(EVENT_NAMES):
        np.add.at(sums[name], _cell(dataset, visitor[kind == number], place), 1)
    np.add.at(sums["purchasers"], _cell(dataset, np.unique(visitor[kind == PURCHASE]), place), 1)
    is_sale = (kind == PURCHASE) & np.isin(detail, ELECTRONICS)
    cell = _cell(dataset, visitor[is_sale], place)
    np.add.at(sums["electronics_cents"], cell, PRODUCT_CENTS[detail[is_sale]])


def _add_calls(
    dataset: Dataset, sums: dict[str, Integers], place: int, calls: pd.DataFrame
) -> None:
    used = calls[_counts(dataset, calls, place)]
    cell = _cell(dataset, used["visitor"].to_numpy(), place)
    np.add.at(sums["support_calls"], cell, 1)
    np.add.at(sums["support_picominutes"], cell, used["picominutes"].to_numpy())


def _counts(dataset: Dataset, rows: pd.DataFrame, place: int) -> NDArray[np.bool_]:
    """Say which rows belong to a unit, by the exposure in column `place`."""
    visitor = rows["visitor"].to_numpy()
    is_unit = dataset.visitors.role[visitor] == Role.EXPOSED
    return is_unit & _is_in_window(dataset, visitor, rows["occurred_at"].to_numpy(), place)


def _cell(dataset: Dataset, visitor: Integers, place: int) -> tuple[Integers, Integers]:
    """Index visitors by arm and browser; no browser is -1, the last."""
    return dataset.visitors.arm[visitor, place], dataset.visitors.browser[visitor]
