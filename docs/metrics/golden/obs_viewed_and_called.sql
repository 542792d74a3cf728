with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        1 as condition_number
    from experiment_events
    where
        (event_name = 'detail_page_view')
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        2 as condition_number
    from experiment_calls
    where
        (call_duration_min >= 1)
),

fulfilled as (
    select
        experiment_id,
        variation_id,
        unit_id,
        condition_number,
        min(observed_date) as observed_date
    from metric_rows
    group by experiment_id, variation_id, unit_id, condition_number
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        count(*) as day_count
    from fulfilled
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Viewed and called' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(case when sum(day_count) over history >= 2 then 1 else 0 end as double) as observation,
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
