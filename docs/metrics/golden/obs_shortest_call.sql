with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        call_duration_min as row_value
    from experiment_calls
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        min(row_value) as day_min
    from metric_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Shortest call' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(min(day_min) over history as double) as observation,
        cast(null as double) as denominator
    from days
    window history as (
        partition by experiment_id, variation_id, unit_id
        order by observed_date
    )
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
