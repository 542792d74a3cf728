"""Experiments that try a page: with too much, too little, or names that nobody should give."""

from pathlib import Path

from report_page import write_pages
from report_world import World, write_world

MARKUP = (
    '<script>window.hit=1;alert(1)</script><img src=x onerror="window.hit=1;alert(1)">&"\'</style>'
    "</title><svg onload=window.hit=1>"
)
BREAKS_OUT = "</script><script>window.hit=1</script>\u2028';window.hit=1;//{{7*7}}<!--"
RIGHT_TO_LEFT = "נוסח חדש של הכפתור"
LONG = "an_unusually_long_name_that_somebody_generated_" + "x" * 200
LIFTS = (
    *("relative_lift", "relative_lift_ci_low", "relative_lift_ci_high", "absolute_lift"),
    *("absolute_lift_ci_low", "absolute_lift_ci_high", "sequential_relative_ci_low"),
    *("sequential_relative_ci_high", "sequential_ci_low", "sequential_ci_high"),
)
NUMBERS = ("metric_value", "reference_metric_value", *LIFTS)
NO_LIFT = ", ".join(f"{each} = null" for each in (*LIFTS, "p_value", "adjusted_p_value"))


def named(name: str) -> tuple[str, ...]:
    """Give a name to everything that has one."""
    text = name.replace("'", "''")
    return (
        f"update dim_experiments set experiment_name = '{text}'",
        f"update dim_variations set variation_name = '{text} ' || variation_id",
        f"update dim_metrics set description = '{text}', owner = '{text}', tags = '{text}'",
        f"update dim_metrics set row_filter = '{text}', value_expression = '{text}'",
        f"update experiment_health set title = '{text}', finding = '{text}', advice = '{text}'",
        "update experiment_health set status = 'warn'",
        f"update experiment_results_by_segment set segment_name = '{text}'",
        f"update experiment_results_by_segment set segment_value = '{text} ' || segment_value",
        f"update experiment_results set status_reason = '{text}'",
        *(
            f"update {table} set metric_name = '{text} ' || metric_name"
            for table in (
                *("dim_metrics", "experiment_results", "experiment_results_by_segment"),
                *("experiment_results_by_day", "experiment_result_intervals"),
                "variation_metrics_by_exposure_day",
            )
        ),
        f"update dim_experiments set primary_metric = '{text} ' || primary_metric",
    )


HOSTILE = {
    "markup": World(changes=named(MARKUP)),
    "what ends scripts": World(changes=named(BREAKS_OUT)),
    "a formula": World(changes=named("=cmd|'/c calc'!A1")),
}
CUT = (
    (
        "update experiment_results set relative_lift_ci_low = -9, relative_lift_ci_high = 7,"
        " sequential_relative_ci_low = -30 where metric_name = 'Metric 4' and status = 'ok'"
    ),
    (
        "update experiment_results set relative_lift = 3, relative_lift_ci_low = 2.5,"
        " relative_lift_ci_high = 4, sequential_relative_ci_high = 1e300,"
        " sequential_relative_ci_low = 1 where metric_name = 'Metric 5' and status = 'ok'"
    ),
    (
        "update experiment_results set relative_lift_ci_high = 1.7e308"
        " where metric_name = 'Metric 6' and status = 'ok'"
    ),
)
MISSING = (
    (
        f"update experiment_results set {NO_LIFT}, chance_to_win = null, status = 'zero_reference',"
        " status_reason = 'The control is 0.' where metric_name = 'Metric 0' and status = 'ok'"
    ),
    "update experiment_results set unit_count = 18 where metric_name = 'Metric 2'",
    "update dim_metrics set non_inferiority_margin = 0 where metric_name = 'Metric 1'",
)
TINY = tuple(f"update experiment_results set {each} = {each} * 1e-7" for each in NUMBERS)
MONEY = (
    "update dim_metrics set unit = 'money'",
    "alter table dim_metrics add column if not exists currency varchar",
    "update dim_metrics set currency = 'EUR'",
)
RUNNING = ("update experiment_decisions set planned_until_at = timestamp '2021-04-01'",)
ODD = {
    "one variation": World(variations=1),
    "nine variations": World(variations=9, metrics=2, segments=3),
    "forty variations": World(variations=40, metrics=2),
    "sixty metrics": World(metrics=60, variations=3, guardrails=5),
    "no metrics": World(metrics=0),
    "missing numbers": World(changes=MISSING),
    "cut ends": World(metrics=8, changes=CUT),
    "tiny numbers": World(changes=TINY),
    "money": World(changes=MONEY),
    "running": World(changes=RUNNING),
    "long names": World(changes=named(LONG)),
    "from right to left": World(changes=named(RIGHT_TO_LEFT)),
    **HOSTILE,
}


def write_odd_page(folder: Path, built: Path, name: str) -> Path:
    """Write the pages of an odd experiment; give its own."""
    place = folder / name.replace(" ", "_")
    warehouse = write_world(place.with_suffix(".duckdb"), built, ODD[name])
    (page,) = set(write_pages(warehouse, place)) - {"index.html"}
    return place / page
