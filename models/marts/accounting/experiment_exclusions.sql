with

delivered as (
    select * from {{ ref('delivered_exposures') }}
    where not {{ is_blank('experiment_id') }}
),

unused_exposures as (
    select * from {{ ref('unused_exposures') }}
),

rejected as (
    select
        experiment_id,
        rejection_reason as reason,
        count(*) as row_count,
        count(distinct case when not {{ is_missing_visitor('visitor_id') }} then visitor_id end)
            as visitor_count
    from delivered
    where rejection_reason is not null
    group by experiment_id, rejection_reason
),

repeated as (
    select
        experiment_id,
        count(*) - 1 as copy_count,
        min(visitor_id) as visitor_id
    from delivered
    where rejection_reason is null
    group by source_name, experiment_id, exposure_id
    having count(*) > 1
),

copies as (
    select
        experiment_id,
        'duplicate_id' as reason,
        sum(copy_count) as row_count,
        count(distinct visitor_id) as visitor_count
    from repeated
    group by experiment_id
),

unioned as (
    select * from rejected
    union all
    select * from copies
    union all
    select
        experiment_id,
        reason,
        row_count,
        visitor_count
    from unused_exposures
),

-- A visitor whom two sources know is counted in each.
summed as (
    select
        experiment_id,
        reason,
        cast(sum(row_count) as bigint) as row_count,
        cast(sum(visitor_count) as bigint) as visitor_count
    from unioned
    group by experiment_id, reason
)

select * from summed
