with

repeated as (
    {{ repeated_calls() | indent(4) }}
),

doubled as (
    select * from repeated
    where is_doubled
)

select * from doubled
