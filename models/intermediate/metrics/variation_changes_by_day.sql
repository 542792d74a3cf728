with

states as (
    select * from {{ ref('centred_states') }}
),

day_scales as (
    {{ text_rows(['calendar', 'exposure'], 'day_scale') | indent(4) }}
),

weights as (
    select 1 as weight
    union all
    select -1 as weight
),

-- A state counts from one day until another: added on the first, taken away on the second. Days
-- are numbered from the experiment's first exposure, or from the unit's own; by the latter, a unit
-- leaves after the last day on which it was seen.
signed as (
    select
        states.*,
        day_scales.day_scale,
        weights.weight,
        case
            when states.is_per_exposed_day and day_scales.day_scale = 'calendar'
                then states.exposed_date
            else states.first_date
        end as cohort_date,
        case
            when day_scales.day_scale = 'calendar' and weights.weight = 1
                then {{ days_between('states.first_date', 'states.from_date') }}
            when day_scales.day_scale = 'calendar'
                then {{ days_between('states.first_date', 'states.until_date') }}
            when weights.weight = 1
                then {{ days_between('states.exposed_date', 'states.from_date') }}
            else coalesce(
                {{ days_between('states.exposed_date', 'states.until_date') }},
                {{ days_between('states.exposed_date', 'states.as_of_date') }} + 1
            )
        end as day_number
    from states
    cross join day_scales
    cross join weights
    where
        weights.weight = 1
        or states.until_date is not null
        or day_scales.day_scale = 'exposure'
),

changes as (
    select
        experiment_id,
        metric_name,
        variation_id,
        is_capped,
        day_scale,
        cohort_date,
        day_number,
        {{ weighted_sums() | trim }}
    from signed
    group by
        experiment_id, metric_name, variation_id, is_capped, day_scale, cohort_date, day_number
)

select * from changes
