with

experiments as (
    select * from {{ ref('experiments') }}
),

-- Of whatever type the columns are.
cells as (
    select
        {{ to_text('experiment_id') }} as experiment_id,
        {{ to_text('starts_at') }} as starts_at,
        {{ to_text('ends_at') }} as ends_at,
        {{ to_text('randomisation_unit') }} as randomisation_unit,
        {{ to_text('attribution_window_hours') }} as attribution_window_hours,
        {{ to_text('crossover_policy') }} as crossover_policy,
        {{ to_text('primary_metric') }} as primary_metric,
        {{ to_text('metric_tags') }} as metric_tags
    from experiments
),

-- A blank cell is the default, which experiment_settings fills in.
typed as (
    select
        experiment_id,
        {{ iso_timestamp('starts_at') }} as starts_at,
        {{ iso_timestamp('ends_at') }} as ends_at,
        {{ blank_to_null('randomisation_unit') }} as randomisation_unit,
        {{ to_double(blank_to_null('attribution_window_hours')) }} as attribution_window_hours,
        {{ blank_to_null('crossover_policy') }} as crossover_policy,
        {{ blank_to_null('primary_metric') }} as primary_metric,
        {{ blank_to_null('metric_tags') }} as metric_tags
    from cells
    where not {{ is_blank('experiment_id') }}
)

select * from typed
