{{ config(severity='warn') }}

with

repeated as (
    {{ repeated_calls() | indent(4) }}
),

alike as (
    select * from repeated
    where not is_doubled
)

select * from alike
