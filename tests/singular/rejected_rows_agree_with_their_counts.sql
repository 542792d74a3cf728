with

excluded_rows as (
    select * from {{ ref('excluded_rows') }}
),

rejected_row_counts as (
    select * from {{ ref('rejected_row_counts') }}
    -- Of copies one is used, whichever it is.
    where reason <> 'duplicate_id'
),

rejected_rows as (
    select * from {{ ref('rejected_rows') }}
),

expected as (
    select
        excluded_rows.source_name,
        excluded_rows.reason,
        least(excluded_rows.row_count, {{ var('rejected_rows_limit') }}) as row_count
    from excluded_rows
    inner join rejected_row_counts
        on
            excluded_rows.source_name = rejected_row_counts.source_name
            and excluded_rows.reason = rejected_row_counts.reason
),

shown as (
    select
        source_name,
        reason,
        count(*) as row_count
    from rejected_rows
    group by source_name, reason
),

compared as (
    select
        coalesce(expected.source_name, shown.source_name) as source_name,
        coalesce(expected.reason, shown.reason) as reason,
        coalesce(expected.row_count, 0) as expected_row_count,
        coalesce(shown.row_count, 0) as shown_row_count
    from expected
    full join shown
        on
            expected.source_name = shown.source_name
            and expected.reason = shown.reason
),

differing as (
    select * from compared
    where expected_row_count <> shown_row_count
)

select * from differing
