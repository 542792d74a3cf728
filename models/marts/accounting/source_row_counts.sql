with

raw_rows as (
    select * from {{ ref('raw_row_counts') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

events as (
    select * from {{ ref('unit_events') }}
    where is_in_window
),

calls as (
    select * from {{ ref('unit_calls') }}
    where is_in_window
),

excluded_rows as (
    select * from {{ ref('excluded_rows') }}
),

used as (
    select
        source_name,
        count(*) as row_count
    from units
    group by source_name
    union all
    select
        source_name,
        count(distinct event_id) as row_count
    from events
    group by source_name
    union all
    select
        source_name,
        count(distinct call_id) as row_count
    from calls
    group by source_name
),

excluded as (
    select
        source_name,
        sum(row_count) as row_count
    from excluded_rows
    group by source_name
),

reconciled as (
    select
        raw_rows.source_name,
        raw_rows.raw_row_count,
        coalesce(used.row_count, 0) as used_row_count,
        cast(coalesce(excluded.row_count, 0) as bigint) as excluded_row_count
    from raw_rows
    left join used on raw_rows.source_name = used.source_name
    left join excluded on raw_rows.source_name = excluded.source_name
)

select * from reconciled
