{{ config(materialized='ephemeral') }}

with

decisions as (
    select * from {{ ref('enriched_decisions') }}
    where exclusion_reason is null
),

counted as (
    select
        experiment_id,
        cast(decided_at as date) as calendar_date,
        count(*) as decision_count,
        {{ delays_of_rows('decided_at') | trim }}
    from decisions
    group by experiment_id, cast(decided_at as date)
)

select * from counted
