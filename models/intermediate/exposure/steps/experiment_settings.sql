with

exposures as (
    select * from {{ ref('all_exposures') }}
),

experiments as (
    select * from {{ ref('stg_experiments') }}
),

exposed_experiments as (
    select distinct experiment_id
    from exposures
),

-- What the seed says of an experiment goes before what the vars say of all.
settings as (
    select
        exposed_experiments.experiment_id,
        experiments.starts_at,
        experiments.ends_at,
        coalesce(experiments.randomisation_unit, 'visitor_id') as randomisation_unit,
        coalesce(
            experiments.attribution_window_hours,
            cast({{ var('attribution_window_hours') }} as {{ type_double() }})
        ) as attribution_window_hours,
        coalesce(
            experiments.crossover_policy, {{ string_literal(var('crossover_policy')) }}
        ) as crossover_policy,
        experiments.primary_metric,
        experiments.metric_tags
    from exposed_experiments
    left join experiments on exposed_experiments.experiment_id = experiments.experiment_id
)

select * from settings
