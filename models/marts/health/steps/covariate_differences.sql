{{ config(materialized='ephemeral') }}

with

comparisons as (
    select * from {{ ref('covariate_comparisons') }}
),

-- Welch's test, as of the metric itself.
tested as (
    {{ student_t_two_sided_p(
        'comparisons',
        [
            'experiment_id', 'metric_name', 'variation_name', 'covariate_value', 'control_value',
            'squared_error', 'is_different', 'log_orders',
        ],
        t='(covariate_value - control_value) / sqrt(squared_error)',
        df='squared_error * squared_error / squared_error_spread',
    ) | trim | indent(4) }}
),

-- Where neither varies, and they differ, the units were dealt out in one of two orders of at least
-- exp(log_orders). Two equal constants say nothing.
judged as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        control_value,
        case
            when squared_error is null and is_different
                then least(1, 2 * {{ decay('log_orders') }})
            else p_value
        end as p_value
    from tested
)

select * from judged
