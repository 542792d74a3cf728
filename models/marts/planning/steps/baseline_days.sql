{{ config(enabled=is_planned()) }}

with

units as (
    select * from {{ ref('experiment_units') }}
),

period as (
    select * from {{ ref('baseline_period') }}
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

-- Days are of 24 hours, from the beginning of the period.
entries as (
    select
        cast(ceil({{ hours_between('period.starts_at', 'units.exposed_at') }} / 24) as bigint)
            as entry_day,
        count(*) as unit_count
    from units
    cross join period
    group by
        cast(ceil({{ hours_between('period.starts_at', 'units.exposed_at') }} / 24) as bigint)
),

-- Who comes back is no new unit: units of so many days are those seen by then, each once.
days as (
    select
        cast(numbers.day_number + 1 as bigint) as entry_days,
        cast(
            sum(coalesce(entries.unit_count, 0)) over (order by numbers.day_number) as bigint
        ) as unit_count
    from numbers
    left join entries on numbers.day_number + 1 = entries.entry_day
    where numbers.day_number < {{ var('plan_baseline_days') }}
)

select * from days
