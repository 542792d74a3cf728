with

variations as (
    select * from {{ ref('dim_variations') }}
    where coalesce(traffic_share, 1) > 0
),

findings as (
    select
        experiment_id,
        min(unit_count) as check_value
    from variations
    group by experiment_id
),

{{ health_check(
    name='too_few_units',
    title='Units per variation',
    looks_at='units of the smallest variation',
    threshold='min_units_per_variation',
    threshold_rule='positive number',
    warn='value < threshold',
    found='The smallest variation has {value} units.',
    remedy='Intervals and p-values of means are not right for so few: wait for {threshold} units.',
    missing='No variation has a unit yet.',
    missing_status='warn',
) }}

select * from checked
