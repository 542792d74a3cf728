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
        occurred_at between (exposed_at + to_milliseconds(86400000)) and (exposed_at + to_milliseconds(172800000))
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date
    from unit_calls
    where
        occurred_at between (exposed_at + to_milliseconds(86400000)) and (exposed_at + to_milliseconds(172800000))
),

-- The first day says it all.
observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Came back' as metric_name,
        'observation' as row_kind,
        min(observed_date) as observed_date,
        cast(1 as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
