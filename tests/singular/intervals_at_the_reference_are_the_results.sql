{%- set numbers = [
    'unit_count', 'metric_value', 'absolute_lift', 'absolute_lift_ci_low', 'absolute_lift_ci_high',
    'relative_lift', 'relative_lift_ci_low', 'relative_lift_ci_high', 'p_value', 'adjusted_p_value',
    'sequential_p_value', 'sequential_ci_low', 'sequential_ci_high', 'sequential_relative_ci_low',
    'sequential_relative_ci_high', 'status', 'status_reason',
] -%}
{%- set key = [
    'experiment_id', 'metric_name', 'variation_id', 'estimator', 'confidence_level',
] -%}

with

results as (
    select * from {{ ref('experiment_results') }}
    where reference_variation_id is not null
),

intervals as (
    select * from {{ ref('experiment_result_intervals') }}
),

other_numbers as (
    select
        {{ prefixed('results', key) | join(',\n        ') }}
    from results
    left join intervals
        on
            {{ same_columns('results', 'intervals', key) }}
            and results.reference_variation_id = intervals.baseline_variation_id
    where
        not coalesce(intervals.is_reference_baseline, false)
        {% for number in numbers %}
            or results.{{ number }} <> intervals.{{ number }}
            or (results.{{ number }} is null) <> (intervals.{{ number }} is null)
        {% endfor %}
)

select * from other_numbers
