with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date
    from unit_calls
    where
        occurred_at between exposed_at and (exposed_at + to_milliseconds(604800000))
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        count(*) as day_count
    from metric_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Calls in a week' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(sum(day_count) over history as double) as observation,
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
