with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
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
        2 as condition_number
    from experiment_events
    where
        (event_name = 'add_to_cart')
),

fulfilled as (
    select
        experiment_id,
        variation_id,
        unit_id,
        count(distinct condition_number) as condition_count
    from metric_rows
    group by experiment_id, variation_id, unit_id
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Interested' as metric_name,
        cast(case when condition_count >= 1 then 1 else 0 end as double) as observation,
        cast(null as double) as denominator
    from fulfilled
)

select * from observed
