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

-- Of looks day by day, a relative interval without 0, where the absolute one has it, is one of too
-- few events for the delta method: what it leaves out, later looks must not.
judged as (
    select
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.reference_variation_id,
        comparisons.estimator,
        {{ prefixed('comparisons', slice_columns()) | join(',\n        ') }},
        intervals.*,
        comparisons.slice_type <> 'day'
        or intervals.sequential_ci_low > 0
        or intervals.sequential_ci_high < 0
        or (
            intervals.sequential_relative_ci_low <= 0
            and intervals.sequential_relative_ci_high >= 0
        ) as is_relative_credible
    from comparisons
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
),

looks as (
    select
        *,
        case when is_relative_credible then sequential_relative_ci_low end as relative_low,
        case when is_relative_credible then sequential_relative_ci_high end as relative_high
    from judged
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
        max(relative_low) {{ until_then }} as relative_low,
        min(relative_high) {{ until_then }} as relative_high
    from looks
),

-- Null where they have nothing in common.
running_looks as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        sequential_p_value,
        case when has_interval and low <= high then low end as sequential_ci_low,
        case when has_interval and low <= high then high end as sequential_ci_high,
        case when has_relative_interval and relative_low <= relative_high then relative_low end
            as sequential_relative_ci_low,
        case when has_relative_interval and relative_low <= relative_high then relative_high end
            as sequential_relative_ci_high
    from running
)

select * from running_looks
