{{ config(materialized='view') }}
{%- set carried = ['exposed_date', 'from_date', 'until_date', 'is_per_exposed_day'] %}

with

states as (
    select * from {{ portable(ref('observation_states')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

caps as (
    select * from {{ portable(ref('metric_caps')) }}
),

experiments as (
    select * from {{ portable(ref('dim_experiments')) }}
),

day_scales as (
    {{ text_rows(['calendar', 'exposure'], 'day_scale') | indent(4) }}
),

capped as (
    select
        states.*,
        {{ capped('states.observation') }} as capped_observation,
        {{ capped('states.covariate') }} as capped_covariate,
        {{ capped('states.denominator', 'denominator_') }} as capped_denominator,
        {{ capped('states.covariate_denominator', 'denominator_') }} as capped_covariate_denominator
    from states
    left join caps on {{ same_columns('states', 'caps', ['experiment_id', 'metric_name']) }}
),

measured as (
    {{ measured_observations('capped', carried) | trim | indent(4) }}
),

-- Days are numbered from the experiment's first exposure, or from the unit's own.
placed as (
    select
        measured.*,
        day_scales.day_scale,
        case
            when day_scales.day_scale = 'exposure' then measured.exposed_date
            else cast(experiments.first_exposed_at as date)
        end as origin_date,
        coalesce(measured.until_date, {{ add_days('experiments.as_of_at', '1') }}) as end_date
    from measured
    inner join experiments on measured.experiment_id = experiments.experiment_id
    cross join day_scales
),

spans as (
    select
        experiment_id,
        metric_name,
        variation_id,
        is_capped,
        day_scale,
        case
            when is_per_exposed_day and day_scale = 'calendar'
                then {{ days_between('origin_date', 'exposed_date') }}
            else 0
        end as cohort_day,
        {{ days_between('origin_date', 'from_date') }} as from_day,
        {{ days_between('origin_date', 'end_date') }} as until_day,
        {{ moment_measures() | join(',\n        ') }}
    from placed
)

select * from spans
