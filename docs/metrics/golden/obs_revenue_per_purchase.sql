with

numerator_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
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
        sum(row_value) as numerator
    from numerator_rows
    group by experiment_id, variation_id, unit_id
),

denominator_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at
    from experiment_events
    where
        (event_name = 'purchase')
),

denominators as (
    select
        experiment_id,
        variation_id,
        unit_id,
        count(*) as denominator
    from denominator_rows
    group by experiment_id, variation_id, unit_id
),

parts as (
    select
        experiment_id,
        variation_id,
        unit_id,
        numerator,
        0 as denominator
    from numerators
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        0 as numerator,
        denominator
    from denominators
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Revenue per purchase' as metric_name,
        cast(sum(numerator) as double) as observation,
        cast(sum(denominator) as double) as denominator
    from parts
    group by experiment_id, variation_id, unit_id
)

select * from observed
