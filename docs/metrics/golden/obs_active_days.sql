with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date
    from unit_events
    where
        occurred_at >= exposed_at
        and (event_name = 'homepage_view')
),

active_days as (
    select distinct
        experiment_id,
        variation_id,
        unit_id,
        observed_date
    from metric_rows
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Active days' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(count(*) over history as double) as observation,
        cast(null as double) as denominator
    from active_days
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
