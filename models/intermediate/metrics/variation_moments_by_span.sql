with

state_spans as (
    select * from {{ ref('state_spans') }}
),

{{ moments(
    'state_spans',
    [
        'experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale', 'cohort_date',
        'from_day', 'until_day',
    ],
) }}

select * from moments
