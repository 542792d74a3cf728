with

numerator_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        revenue as row_value
    from experiment_events
    where
        (event_name = 'purchase')
),

numerators as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        sum(row_value) as numerator
    from numerator_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

denominator_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date
    from experiment_events
    where
        (event_name = 'purchase')
),

denominators as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        count(*) as denominator
    from denominator_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        sum(numerator) as day_numerator,
        sum(denominator) as day_denominator
    from (
        select
            experiment_id,
            variation_id,
            unit_id,
            observed_date,
            numerator,
            0 as denominator
        from numerators
        union all
        select
            experiment_id,
            variation_id,
            unit_id,
            observed_date,
            0 as numerator,
            denominator
        from denominators
    ) as parts
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Revenue per purchase' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(sum(day_numerator) over history as double) as observation,
        cast(sum(day_denominator) over history as double) as denominator
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
