{{ config(materialized='view') }}

with

unit_calls as (
    select * from {{ portable(ref('unit_calls')) }}
),

calls_in_window as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        unit_id,
        exposed_at,
        call_id,
        occurred_at,
        call_duration_min
    from unit_calls
    where is_in_window
)

select * from calls_in_window
