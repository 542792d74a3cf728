with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        'Purchases' as metric_name
    from experiment_events
    where
        (event_name = 'purchase')
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        'Purchases: ' || case
            when cast((tags['category']) as TEXT) in ('electronics') then cast((tags['category']) as TEXT)
            else 'other'
        end as metric_name
    from experiment_events
    where
        (event_name = 'purchase')
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        observed_date,
        count(*) as day_count
    from metric_rows
    group by experiment_id, variation_id, unit_id, metric_name, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        'observation' as row_kind,
        observed_date,
        cast(sum(day_count) over history as double) as observation,
        cast(null as double) as denominator
    from days
    window history as (
        partition by experiment_id, variation_id, unit_id, metric_name
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
