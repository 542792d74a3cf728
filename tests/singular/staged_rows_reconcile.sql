with

raw_rows as (
    select * from {{ ref('raw_row_counts') }}
),

rejected_row_counts as (
    select * from {{ ref('rejected_row_counts') }}
),

exposures as (
    select * from {{ ref('all_exposures') }}
),

events as (
    select * from {{ ref('all_events') }}
),

calls as (
    select * from {{ ref('all_calls') }}
),

staged as (
    select
        source_name,
        count(*) as row_count
    from exposures
    group by source_name
    union all
    select
        source_name,
        count(*) as row_count
    from events
    group by source_name
    union all
    select
        source_name,
        count(*) as row_count
    from calls
    group by source_name
),

rejected as (
    select
        source_name,
        sum(row_count) as row_count
    from rejected_row_counts
    group by source_name
),

reconciled as (
    select
        raw_rows.source_name,
        raw_rows.raw_row_count,
        coalesce(staged.row_count, 0) as staged_row_count,
        coalesce(rejected.row_count, 0) as rejected_row_count
    from raw_rows
    left join staged on raw_rows.source_name = staged.source_name
    left join rejected on raw_rows.source_name = rejected.source_name
),

unreconciled as (
    select * from reconciled
    where
        raw_row_count <> staged_row_count + rejected_row_count
)

select * from unreconciled
