with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        tags['product'] as row_value
    from experiment_events
    where
        (event_name = 'detail_page_view')
),

first_seen as (
    select
        experiment_id,
        variation_id,
        unit_id,
        row_value,
        min(observed_date) as observed_date
    from metric_rows
    group by experiment_id, variation_id, unit_id, row_value
    having not coalesce(regexp_full_match(cast(row_value as TEXT), '[\s\x0b\x1c-\x1f\x85\p{Z}]*'), true)
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        count(row_value) as day_count
    from first_seen
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Products seen' as metric_name,
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
