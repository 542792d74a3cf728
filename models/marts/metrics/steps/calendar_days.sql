{{ config(materialized='view') }}

with

experiments as (
    select * from {{ portable(ref('dim_experiments')) }}
    where first_exposed_at is not null
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

span as (
    select
        min(first_exposed_at) as first_exposed_at,
        max(as_of_at) as as_of_at
    from experiments
),

days as (
    select {{ add_days('span.first_exposed_at', 'numbers.day_number') }} as calendar_date
    from span
    inner join numbers
        on numbers.day_number <= {{ days_between('span.first_exposed_at', 'span.as_of_at') }}
)

select * from days
