"""The default sample: all experiments of the shop "Attic & Button", in one export."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from sample_data.attic_and_button import attic_and_button
from sample_data.model import MISSING, NEVER, Dataset, Integers, Visitors
from sample_data.studio_experiments import studio_experiments


def sample(seed: int) -> Dataset:
    """Plan the sample; the rows of its first experiment are the same with the others or without."""
    return replace(joined(attic_and_button(seed), studio_experiments(seed)), mode="sample")


def joined(first: Dataset, second: Dataset) -> Dataset:
    """Put two plans into one; nobody is in both, and the first one's rows keep their keys."""
    visitor_count, arm_count = len(first.visitors.role), len(first.arms)
    decisions = second.decisions.assign(
        visitor=second.decisions["visitor"] + visitor_count,
        arm=second.decisions["arm"] + arm_count,
        key=second.decisions["key"] + len(first.decisions),
    )
    events = second.events.assign(
        visitor=second.events["visitor"] + visitor_count,
        key=second.events["key"] + len(first.events),
    )
    calls = second.calls.assign(visitor=second.calls["visitor"] + visitor_count)
    return replace(
        first,
        arms=first.arms + second.arms,
        visitors=_joined_visitors(first.visitors, second.visitors, arm_count),
        decisions=pd.concat([first.decisions, decisions], ignore_index=True),
        events=pd.concat([first.events, events], ignore_index=True),
        calls=pd.concat([first.calls, calls], ignore_index=True),
    )


def _joined_visitors(first: Visitors, second: Visitors, arm_count: int) -> Visitors:
    """Put visitors one after the other; the arms of the second ones follow those of the first."""
    width = max(first.arm.shape[1], second.arm.shape[1])
    moved = np.where(second.arm == MISSING, MISSING, second.arm + arm_count).astype(np.int32)
    return Visitors(
        visitor_id=pa.concat_arrays([first.visitor_id, second.visitor_id]),
        role=np.concatenate([first.role, second.role]),
        browser=np.concatenate([first.browser, second.browser]),
        country=np.concatenate([first.country, second.country]),
        exposed_at=np.concatenate(
            [_widened(part.exposed_at, width, NEVER) for part in (first, second)]
        ),
        arm=np.concatenate([_widened(part, width, MISSING) for part in (first.arm, moved)]),
    )


def _widened(columns: Integers, width: int, empty: int) -> Integers:
    """Add columns of what stands for nothing."""
    extra = width - columns.shape[1]
    return np.pad(columns, ((0, 0), (0, extra)), constant_values=empty)
