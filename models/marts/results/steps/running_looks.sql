{%- set running = {
    'sequential_p_value': 'min',
    'sequential_ci_low': 'max',
    'sequential_ci_high': 'min',
    'sequential_relative_ci_low': 'max',
    'sequential_relative_ci_high': 'min',
} -%}
{%- set series = [
    'experiment_id', 'metric_name', 'variation_id', 'reference_variation_id', 'estimator',
    'slice_type', 'segment_name', 'segment_value',
] -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

intervals as (
    select * from {{ ref('sequential_intervals') }}
),

-- Among looks day by day, a relative interval without 0, where the absolute one has it, is one of too
-- few events for the delta method: what it leaves out, later looks must not.
looks as (
    select
        {{ prefixed('comparisons', series) | join(',\n        ') }},
        comparisons.as_of_date,
        intervals.comparison_id,
        intervals.confidence_level,
        intervals.is_chosen_level,
        {{ prefixed('intervals', running) | join(',\n        ') }},
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

-- The smallest p-value of all looks until a day, and what their intervals have in common.
running_looks as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level
        {%- for column, aggregate in running.items() %},
        {%- set shared = 'case when is_relative_credible then ' ~ column ~ ' end'
            if 'relative' in column else column %}
        case
            when {{ column }} is not null
                then {{ aggregate }}({{ shared }}) over (
                    partition by {{ series | join(', ') }}, confidence_level
                    order by as_of_date
                )
        end as {{ column }}
        {%- endfor %}
    from looks
),

-- Null where that is nothing.
common_intervals as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        sequential_p_value
        {%- for interval in ['sequential_ci', 'sequential_relative_ci'] %}
        {%- for end in ['low', 'high'] %},
        case when {{ interval }}_low <= {{ interval }}_high then {{ interval }}_{{ end }} end
            as {{ interval }}_{{ end }}
        {%- endfor %}
        {%- endfor %}
    from running_looks
)

select * from common_intervals
