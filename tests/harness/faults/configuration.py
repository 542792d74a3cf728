"""Faults of settings and of what statistics are asked to do."""

from faults.fault import Fault

NO_CASE = "no case yet"

FAULTS = (
    Fault(
        56,
        "unknown-var",
        "A var that there is not, as by a slip",
        "the build stops and suggests the nearest",
        open=NO_CASE,
    ),
    Fault(
        57,
        "wrong-value",
        "A setting holds what it may not: alpha, dates, metrics",
        "the build stops and says what it may hold",
        open=NO_CASE,
    ),
    Fault(
        58,
        "metric-name-twice",
        "Two metrics have one name",
        "the build stops and names both files",
        open=NO_CASE,
    ),
    Fault(
        59,
        "shared-ids",
        "Experiments share names or ids of variations",
        "each keeps its own rows",
        open=NO_CASE,
    ),
    Fault(
        60,
        "overlapping-experiments",
        "Visitors are in two experiments",
        "they count in both; the health check warns",
        open=NO_CASE,
    ),
    Fault(
        61,
        "nothing-to-compare",
        "No reference, or one variation alone",
        "the decision is invalid, and other experiments go on",
        open=NO_CASE,
    ),
    Fault(
        62,
        "too-little",
        "No unit, one, no conversion, or values that are all the same",
        "no number, a status and a reason",
        open=NO_CASE,
    ),
    Fault(
        63,
        "denominator-of-zero",
        "A ratio whose denominator is 0",
        "no number, a status and a reason",
        open=NO_CASE,
    ),
    Fault(
        64,
        "large-mean",
        "Values near a billion that hardly vary",
        "the variance keeps its digits",
        open=NO_CASE,
    ),
    Fault(
        65,
        "integer-division",
        "A warehouse that divides integers to integers",
        "the same numbers on every warehouse",
        open=NO_CASE,
    ),
    Fault(
        66,
        "sample-ratio-mismatch",
        "The split is not as planned",
        "the decision is invalid",
        open=NO_CASE,
    ),
    Fault(
        67,
        "split-changed",
        "The split changes while the experiment runs",
        "the health check finds it, and the decision is invalid",
        open=NO_CASE,
    ),
)
