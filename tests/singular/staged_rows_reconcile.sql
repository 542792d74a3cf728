with

raw_rows as (
    select * from {{ ref('raw_row_counts') }}
),

rejected_rows as (
    select * from {{ ref('rejected_rows') }}
),

exposures as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

events as (
    select * from {{ ref('stg_optimizely__events') }}
),

calls as (
    select * from {{ ref('stg_call_center__calls') }}
),

staged as (
    select
        'decisions' as source_name,
        count(*) as row_count
    from exposures
    union all
    select
        'events' as source_name,
        count(*) as row_count
    from events
    union all
    select
        'calls' as source_name,
        count(*) as row_count
    from calls
),

rejected as (
    select
        source_name,
        sum(row_count) as row_count
    from rejected_rows
    group by source_name
),

reconciled as (
    select
        staged.source_name,
        raw_rows.raw_row_count,
        staged.row_count as staged_row_count,
        coalesce(rejected.row_count, 0) as rejected_row_count
    from staged
    left join raw_rows on staged.source_name = raw_rows.source_name
    left join rejected on staged.source_name = rejected.source_name
),

unreconciled as (
    select * from reconciled
    where
        raw_row_count is null
        or raw_row_count <> staged_row_count + rejected_row_count
)

select * from unreconciled
