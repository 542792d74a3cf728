with

experiments as (
    select * from {{ ref('experiments') }}
),

exposed_experiments as (
    select distinct experiment_id from {{ ref('all_exposures') }}
),

-- Of whatever type the columns are.
cells as (
    select
        {{ to_text('experiment_id') }} as experiment_id,
        {{ trimmed(to_text('starts_at')) }} as starts_at,
        {{ trimmed(to_text('ends_at')) }} as ends_at,
        {{ trimmed(to_text('randomisation_unit')) }} as randomisation_unit,
        {{ trimmed(to_text('attribution_window_hours')) }} as attribution_window_hours,
        {{ trimmed(to_text('crossover_policy')) }} as crossover_policy,
        {{ trimmed(to_text('primary_metric')) }} as primary_metric,
        {{ trimmed(to_text('metric_tags')) }} as metric_tags
    from experiments
),

-- A blank cell is the default, which experiment_settings fills in. White space around an id is a
-- slip, unless the experiment's own has it.
typed as (
    select
        coalesce(exposed_experiments.experiment_id, {{ trimmed('cells.experiment_id') }})
            as experiment_id,
        {{ iso_timestamp('cells.starts_at') }} as starts_at,
        {{ iso_end('cells.ends_at') }} as ends_at,
        {{ blank_to_null('cells.randomisation_unit') }} as randomisation_unit,
        {{ to_double(blank_to_null('cells.attribution_window_hours')) }}
            as attribution_window_hours,
        {{ blank_to_null('cells.crossover_policy') }} as crossover_policy,
        {{ blank_to_null('cells.primary_metric') }} as primary_metric,
        {{ blank_to_null('cells.metric_tags') }} as metric_tags
    from cells
    left join exposed_experiments on cells.experiment_id = exposed_experiments.experiment_id
    where not {{ is_blank('cells.experiment_id') }}
)

select * from typed
