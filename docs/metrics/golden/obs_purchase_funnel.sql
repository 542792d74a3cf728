with

step_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        case when event_name = 'detail_page_view' then 1 else 0 end as is_step_1,
        case when event_name = 'add_to_cart' then 1 else 0 end as is_step_2,
        case when event_name = 'purchase' then 1 else 0 end as is_step_3
    from experiment_events
    where
        ((event_name = 'detail_page_view') or (event_name = 'add_to_cart') or (event_name = 'purchase'))
),

-- Rows of one instant are taken in the order of the first step that they pass, then of the last.
placed_rows as (
    select
        step_rows.*,
        row_number() over (
            partition by experiment_id, unit_id
            order by
                occurred_at,
                case when is_step_1 = 1 then 1 when is_step_2 = 1 then 2 when is_step_3 = 1 then 3 end,
                case when is_step_3 = 1 then 3 when is_step_2 = 1 then 2 when is_step_1 = 1 then 1 end,
                is_step_1,
                is_step_2,
                is_step_3
        ) as place
    from step_rows
),

step_1 as (
    select
        placed_rows.*,
        is_step_1 as reached_1
    from placed_rows
),

-- The last time at which a row before this one reached step 1.
after_step_1 as (
    select
        step_1.*,
        max(case when reached_1 = 1 then occurred_at end) over (
            partition by experiment_id, unit_id
            order by place
            rows between unbounded preceding and 1 preceding
        ) as reached_1_at
    from step_1
),

step_2 as (
    select
        after_step_1.*,
        case
            when is_step_2 = 1 and reached_1_at is not null then 1
            else 0
        end as reached_2
    from after_step_1
),

-- The last time at which a row before this one reached step 2.
after_step_2 as (
    select
        step_2.*,
        max(case when reached_2 = 1 then occurred_at end) over (
            partition by experiment_id, unit_id
            order by place
            rows between unbounded preceding and 1 preceding
        ) as reached_2_at
    from step_2
),

step_3 as (
    select
        after_step_2.*,
        case
            when is_step_3 = 1 and occurred_at <= (reached_2_at + to_milliseconds(86400000)) then 1
            else 0
        end as reached_3
    from after_step_2
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        max(reached_1) as day_reached_1,
        max(reached_2) as day_reached_2,
        max(reached_3) as day_reached_3
    from step_3
    group by experiment_id, variation_id, unit_id, observed_date
),

reached as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        max(day_reached_1) over history as reached_1,
        max(day_reached_2) over history as reached_2,
        max(day_reached_3) over history as reached_3
    from days
    window history as (
        partition by experiment_id, variation_id, unit_id
        order by observed_date
    )
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Purchase funnel: view' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(reached_1 as double) as observation,
        cast(null as double) as denominator
    from reached
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        'Purchase funnel: cart' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(reached_2 as double) as observation,
        cast(null as double) as denominator
    from reached
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        'Purchase funnel: view to cart' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(reached_2 as double) as observation,
        cast(reached_1 as double) as denominator
    from reached
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        'Purchase funnel: purchase' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(reached_3 as double) as observation,
        cast(null as double) as denominator
    from reached
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        'Purchase funnel: cart to purchase' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(reached_3 as double) as observation,
        cast(reached_2 as double) as denominator
    from reached
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
