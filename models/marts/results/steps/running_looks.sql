{%- set until_then -%}
    over (
        partition by
            experiment_id, metric_name, variation_id, reference_variation_id, estimator,
            slice_type, segment_name, segment_value, confidence_level
        order by as_of_date
    )
{%- endset -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

intervals as (
    select * from {{ ref('sequential_intervals') }}
),

looks as (
    select
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.reference_variation_id,
        comparisons.estimator,
        {{ prefixed('comparisons', slice_columns()) | join(',\n        ') }},
        intervals.*
    from comparisons
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
),

-- The smallest p-value of all looks until a day, and what their intervals have in common.
running as {{ materialized() }} (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        sequential_ci_low is not null as has_interval,
        sequential_relative_ci_low is not null as has_relative_interval,
        case when sequential_p_value is not null then min(sequential_p_value) {{ until_then }} end
            as sequential_p_value,
        max(sequential_ci_low) {{ until_then }} as low,
        min(sequential_ci_high) {{ until_then }} as high,
        max(sequential_relative_ci_low) {{ until_then }} as relative_low,
        min(sequential_relative_ci_high) {{ until_then }} as relative_high
    from looks
),

-- Null where they have nothing in common. A look that was sure of a lift may have had no relative
-- interval: those of other looks must not say that there may be none.
judged as (
    select
        *,
        has_interval and low <= high as is_interval,
        has_relative_interval
        and relative_low <= relative_high
        and (relative_low <= 0 and relative_high >= 0) = (low <= 0 and high >= 0)
            as is_relative_interval
    from running
),

running_looks as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        sequential_p_value,
        case when is_interval then low end as sequential_ci_low,
        case when is_interval then high end as sequential_ci_high,
        case when is_relative_interval then relative_low end as sequential_relative_ci_low,
        case when is_relative_interval then relative_high end as sequential_relative_ci_high
    from judged
)

select * from running_looks
