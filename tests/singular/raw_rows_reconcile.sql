with

counts as (
    select * from {{ ref('source_row_counts') }}
),

unreconciled as (
    select
        source_name,
        raw_row_count,
        used_row_count,
        excluded_row_count,
        raw_row_count - used_row_count - excluded_row_count as unaccounted_row_count
    from counts
    where raw_row_count <> used_row_count + excluded_row_count
)

select * from unreconciled
