with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as active_date
    from unit_events
    where
        occurred_at >= exposed_at
        and (event_name = 'homepage_view')
),

clock as (
    select * from analysis_clock
),

active_days as (
    select
        metric_rows.experiment_id,
        metric_rows.variation_id,
        metric_rows.unit_id,
        count(distinct metric_rows.active_date) as active_day_count,
        min(date_diff('day', cast(metric_rows.exposed_at as date), cast(clock.as_of_at as date))) + 1 as exposed_day_count
    from metric_rows
    cross join clock
    group by metric_rows.experiment_id, metric_rows.variation_id, metric_rows.unit_id
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Active days' as metric_name,
        cast(cast(active_day_count as double) / exposed_day_count as double) as observation,
        cast(null as double) as denominator
    from active_days
)

select * from observed
