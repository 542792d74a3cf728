{%- set order = [
    'file_name', 'file_row', 'row_id', 'experiment_id', 'variation_id', 'visitor_id', 'occurred_at',
    'event_name', 'details',
] -%}

with

all_rejected_rows as (
    select * from {{ ref('all_rejected_rows') }}
),

numbered as (
    select
        source_name,
        reason,
        row_id,
        file_name,
        file_row,
        experiment_id,
        variation_id,
        visitor_id,
        occurred_at,
        event_name,
        details,
        row_number() over (
            partition by source_name, reason
            order by {{ order | join(' nulls last, ') }} nulls last
        ) as rejected_row_number
    from all_rejected_rows
),

-- All are counted; these are to be looked at.
first_rows as (
    select
        source_name,
        reason,
        cast(rejected_row_number as bigint) as rejected_row_number,
        row_id,
        file_name,
        file_row,
        experiment_id,
        variation_id,
        visitor_id,
        occurred_at,
        event_name,
        details
    from numbered
    where rejected_row_number <= {{ var('rejected_rows_limit') }}
)

select * from first_rows
