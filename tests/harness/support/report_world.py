"""Published files of experiments that nobody has: of any size, with any names and numbers.

Only the public tables that the page reads are there, written directly and not by a build.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from results_page.tables import COLUMNS

Row = dict[str, Any]
AS_OF = "timestamp '2021-03-01 12:00:00'"
ESTIMATES = """
    create table estimates as
    select
        metric, variation, segment, day,
        -- As good as random, and the same in every run.
        ((hash(metric, variation, segment) % 2001)::integer - 1000) / 5000.0 as lift,
        0.02 + (hash(metric, segment) % 100)::integer / 500.0 + 0.5 / (day + 5) as half_width
    from range({metrics}) as metrics (metric)
    cross join range({variations}) as variations (variation)
    cross join range({segments} + 1) as segments (segment)
    cross join range({days} + 1) as days (day)
    -- Segment 0 is all units, and day 0 is now.
    where segment = 0 or day = 0
"""
COMPARED = """
    'e' as experiment_id, 'Metric ' || metric as metric_name, 'v' || variation as variation_id,
    'raw' as estimator, true as is_headline, 0.95 as confidence_level,
    case when segment = 0 then 10000 else 400 end as unit_count,
    0.2 * (1 + lift) as metric_value,
    case when variation > 0 then 0.2 * lift end as absolute_lift,
    case when variation > 0 then 0.2 * (lift - half_width) end as absolute_lift_ci_low,
    case when variation > 0 then 0.2 * (lift + half_width) end as absolute_lift_ci_high,
    case when variation > 0 then lift end as relative_lift,
    case when variation > 0 then lift - half_width end as relative_lift_ci_low,
    case when variation > 0 then lift + half_width end as relative_lift_ci_high,
    case when variation > 0 then least(1, half_width / (abs(lift) + 0.001) / 10) end as p_value,
    case when variation > 0 then least(1, half_width / (abs(lift) + 0.001) / 9) end
        as adjusted_p_value,
    case when variation > 0 then least(1, half_width / (abs(lift) + 0.001) / 5) end
        as sequential_p_value,
    case when variation > 0 then 0.2 * (lift - 1.6 * half_width) end as sequential_ci_low,
    case when variation > 0 then 0.2 * (lift + 1.6 * half_width) end as sequential_ci_high,
    case when variation > 0 then lift - 1.6 * half_width end as sequential_relative_ci_low,
    case when variation > 0 then lift + 1.6 * half_width end as sequential_relative_ci_high,
    case when variation = 0 then 'reference' else 'ok' end as status,
    null as status_reason
"""
JUDGED = """
    10000 as reference_unit_count, 0.2 as reference_metric_value,
    coalesce(adjusted_p_value < 0.05, false) as is_significant,
    coalesce(sequential_p_value < 0.05, false) as is_sequentially_significant,
    case when variation > 0 then greatest(0, least(1, 0.5 + lift)) end as chance_to_win
"""


@dataclass(frozen=True)
class World:
    """An experiment of a size."""

    variations: int = 2
    metrics: int = 3
    segments: int = 2
    days: int = 5
    guardrails: int = 1
    changes: tuple[str, ...] = field(default=())
    """SQL that makes it ugly."""


def empty_tables(connection: duckdb.DuckDBPyConnection, built: Path) -> None:
    """Make the tables that the page reads, without a row, as a build has them."""
    connection.execute(f"attach '{built}' as built (read_only)")
    for table in COLUMNS:
        connection.execute(f"create table {table} as from built.main.{table} limit 0")
    connection.execute("detach built")


def write_world(path: Path, built: Path, world: World) -> Path:
    """Write a published file of one experiment."""
    with duckdb.connect(str(path)) as connection:
        empty_tables(connection, built)
        connection.execute(
            ESTIMATES.format(
                metrics=world.metrics,
                variations=world.variations,
                segments=world.segments,
                days=world.days,
            )
        )
        _write_dimensions(connection, world)
        _write_results(connection)
        for change in world.changes:
            connection.execute(change)
        connection.execute("drop table estimates")
    return path


def _write_dimensions(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    units = 10000 * world.variations
    connection.execute(f"""
        insert into dim_experiments by name select
            'e' as experiment_id, 'experiment' as experiment_name, {units} as unit_count,
            timestamp '2020-12-01' as first_exposed_at, timestamp '2021-02-20' as last_exposed_at,
            'visitor_id' as randomisation_unit, 48 as attribution_window_hours,
            'Metric 0' as primary_metric, {AS_OF} as as_of_at
    """)
    connection.execute(f"""
        insert into dim_variations by name select
            'e' as experiment_id, 'v' || number as variation_id,
            case when number = 0 then 'control' else 'variation ' || number end as variation_name,
            number = 0 as is_reference_variation, 1.0 / {world.variations} as traffic_share,
            10000 as unit_count
        from range({world.variations}) as variations (number)
    """)
    connection.execute(f"""
        insert into dim_metrics by name select
            'Metric ' || number as metric_name, 'conversion' as metric_type,
            case when number % 4 = 3 then 'decrease' else 'increase' end as direction,
            number between 1 and {world.guardrails} as is_guardrail, 'share' as unit,
            'Share of visitors who did what metric ' || number || ' counts.' as description,
            false as is_quantile, false as has_cap, false as has_covariate, true as has_window_end,
            case when number between 1 and {world.guardrails} then 0.05 end
                as non_inferiority_margin,
            'obs_metric_' || number as model_name
        from range({world.metrics}) as metrics (number)
    """)
    connection.execute(f"""
        insert into experiment_decisions by name select
            'e' as experiment_id, 'v' || number as variation_id, 'inconclusive' as verdict,
            'primary_metric_not_better' as rule, 'Not better.' as reason,
            timestamp '2021-02-22' as planned_until_at, true as is_planned_duration_reached
        from range(1, {world.variations}) as variations (number)
    """)
    connection.execute("""
        insert into experiment_health by name select
            'e' as experiment_id, 'sample_ratio' as check_name, 'Sample ratio' as title,
            '(all)' as segment_name, '(all)' as segment_value, 'ok' as status, 0.5 as value,
            0.001 as threshold, 'The split is as planned.' as finding
    """)


def _write_results(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        insert into experiment_results by name select {COMPARED}, {JUDGED},
            half_width as relative_minimum_detectable_effect, 50000 as required_unit_count,
            12 as days_to_target
        from estimates where segment = 0 and day = 0
    """)
    connection.execute(f"""
        insert into experiment_results_by_segment by name select {COMPARED}, {JUDGED},
            'country' as segment_name, 'value ' || segment as segment_value
        from estimates where segment > 0
    """)
    connection.execute(f"""
        insert into experiment_results_by_day by name select {COMPARED}, {JUDGED},
            date '2020-12-01' + day::integer as as_of_date
        from estimates where day > 0
    """)
    connection.execute("""
        insert into variation_metrics_by_exposure_day by name select
            'e' as experiment_id, 'Metric ' || metric as metric_name,
            'v' || variation as variation_id, day - 1 as days_since_exposure,
            10000 as unit_count, 0.2 * (1 + lift) * (1 - exp(-day / 5.0)) as metric_value
        from estimates where day > 0
    """)
    _write_intervals(connection)


def _write_intervals(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the lifts of every variation against every other, at four levels."""
    connection.execute("""
        create table compared as
        select
            own.metric, own.variation, base.variation as baseline, level,
            own.half_width * z as half,
            own.lift as own_lift, base.lift as base_lift,
            (1 + own.lift) / (1 + base.lift) - 1 as lift
        from estimates as own
        inner join estimates as base using (metric, segment, day)
        cross join (values (0.8, 0.65), (0.9, 0.84), (0.95, 1), (0.99, 1.31)) as levels (level, z)
        where own.segment = 0 and own.day = 0
    """)
    connection.execute("""
        insert into experiment_result_intervals by name select
            'e' as experiment_id, 'Metric ' || metric as metric_name,
            'v' || variation as variation_id, 'v' || baseline as baseline_variation_id,
            'raw' as estimator, true as is_headline, level as confidence_level,
            10000 as unit_count, 10000 as baseline_unit_count,
            0.2 * (1 + own_lift) as metric_value, 0.2 * (1 + base_lift) as baseline_metric_value,
            case when variation <> baseline then 0.2 * (own_lift - base_lift) end as absolute_lift,
            case when variation <> baseline then 0.2 * (own_lift - base_lift - half) end
                as absolute_lift_ci_low,
            case when variation <> baseline then 0.2 * (own_lift - base_lift + half) end
                as absolute_lift_ci_high,
            case when variation <> baseline then lift end as relative_lift,
            case when variation <> baseline then lift - half end as relative_lift_ci_low,
            case when variation <> baseline then lift + half end as relative_lift_ci_high,
            case when variation <> baseline then lift - 1.6 * half end
                as sequential_relative_ci_low,
            case when variation <> baseline then lift + 1.6 * half end
                as sequential_relative_ci_high,
            case when variation <> baseline then 0.2 * (own_lift - base_lift - 1.6 * half) end
                as sequential_ci_low,
            case when variation <> baseline then 0.2 * (own_lift - base_lift + 1.6 * half) end
                as sequential_ci_high,
            case when variation <> baseline then least(1, half / (abs(lift) + 0.001) / 10) end
                as p_value,
            case when variation <> baseline then least(1, half / (abs(lift) + 0.001) / 9) end
                as adjusted_p_value,
            case when variation <> baseline then least(1, half / (abs(lift) + 0.001) / 5) end
                as sequential_p_value,
            case when variation = baseline then 'reference' else 'ok' end as status
        from compared
    """)
    connection.execute("drop table compared")
