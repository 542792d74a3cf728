{{ config(materialized='view') }}
{%- set keys = ['experiment_id', 'metric_name', 'unit_id'] %}

with

unit_metrics as (
    select * from {{ portable(ref('unit_metrics')) }}
    where has_entered
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'observation'
),

covariates as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'covariate' and is_latest
),

-- A unit has the default until anything is known of it. What is known before it enters a metric
-- counts from then on.
changes as (
    select
        {{ prefixed('unit_metrics', keys + ['variation_id', 'exposed_at']) | join(',\n        ') }},
        observed.observation,
        observed.denominator,
        observed.observed_date,
        greatest(observed.observed_date, cast(unit_metrics.enters_at as date)) as from_date
    from observed
    inner join unit_metrics on {{ same_columns('observed', 'unit_metrics', keys) }}
    union all
    select
        {{ (keys + ['variation_id', 'exposed_at']) | join(',\n        ') }},
        null as observation,
        null as denominator,
        null as observed_date,
        cast(enters_at as date) as from_date
    from unit_metrics
),

states as (
    select
        changes.*,
        lead(changes.from_date) over (
            partition by {{ prefixed('changes', keys) | join(', ') }}
            order by changes.observed_date nulls first
        ) as until_date
    from changes
),

-- Of several changes on one day the last one holds.
filled as (
    select
        {{ prefixed(
            'states', keys + ['variation_id', 'from_date', 'until_date']
        ) | join(',\n        ') }},
        cast(states.exposed_at as date) as exposed_date,
        metrics.is_per_exposed_day,
        metrics.drops_zero_denominator,
        {{- filled_measures('states.observation', 'states.denominator') }}
    from states
    inner join metrics on states.metric_name = metrics.metric_name
    left join covariates on {{ same_columns('states', 'covariates', keys) }}
    where states.until_date is null or states.until_date > states.from_date
),

counted as (
    select * from filled
    where {{ is_counted('filled') }}
)

select * from counted
