with

rejected_row_counts as (
    select * from {{ ref('rejected_row_counts') }}
),

unused_exposures as (
    select * from {{ ref('unused_exposures') }}
),

unused_events as (
    select * from {{ ref('unused_events') }}
),

unused_calls as (
    select * from {{ ref('unused_calls') }}
),

unused_exposures_of_all as (
    select
        source_name,
        reason,
        sum(row_count) as row_count,
        min(example_id) as example_id
    from unused_exposures
    group by source_name, reason
),

unioned as (
    select * from rejected_row_counts
    union all
    select * from unused_exposures_of_all
    union all
    select * from unused_events
    union all
    select * from unused_calls
),

typed as (
    select
        source_name,
        reason,
        cast(row_count as bigint) as row_count,
        example_id
    from unioned
)

select * from typed
