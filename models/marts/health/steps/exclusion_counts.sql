{{ config(materialized='ephemeral') }}

with

visitors as (
    select * from {{ ref('variation_visitor_counts') }}
),

row_counts as (
    select * from {{ ref('exposure_row_counts') }}
),

counts as (
    select
        experiment_id,
        variation_id,
        'bot' as exclusion_kind,
        bot_count as affected_count,
        visitor_count as total_count
    from visitors
    union all
    select
        experiment_id,
        variation_id,
        'excluded visitor' as exclusion_kind,
        excluded_visitor_count as affected_count,
        visitor_count as total_count
    from visitors
    union all
    select
        experiment_id,
        variation_id,
        'copy' as exclusion_kind,
        duplicated_visitor_count as affected_count,
        visitor_count as total_count
    from row_counts
    union all
    select
        experiment_id,
        variation_id,
        'rejected row' as exclusion_kind,
        rejected_row_count as affected_count,
        row_count as total_count
    from row_counts
)

select * from counts
