with

orders as (
    select
        units.experiment_id,
        events.revenue
    from {{ ref('experiment_events') }} as events
    inner join {{ ref('experiment_units') }} as units
        on
            events.experiment_id = units.experiment_id
            and events.unit_id = units.unit_id
    where events.event_name = 'order'
),

findings as (
    select
        experiment_id,
        count(*) as order_count,
        avg(case when coalesce(revenue, 0) = 0 then 1e0 else 0e0 end) as check_value
    from orders
    group by experiment_id
),

{{ experiment_metrics.health_check(
    name='orders_without_amount',
    title='Orders without an amount',
    looks_at='share of orders',
    threshold='orders_without_amount_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='{value:%} of {order_count} orders have no amount.',
    remedy='Ask the shop team.',
    missing='No order of the experiment.',
) }}

select * from checked
