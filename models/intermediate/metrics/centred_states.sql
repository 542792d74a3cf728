{{ config(materialized='view') }}

with

state_measures as (
    select * from {{ portable(ref('state_measures')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

experiments as (
    select * from {{ portable(ref('dim_experiments')) }}
),

variation_moments as (
    select * from {{ portable(ref('variation_moments')) }}
),

measured as (
    {{ measured_observations(
        'state_measures', ['exposed_date', 'from_date', 'until_date']
    ) | trim | indent(4) }}
),

-- Sums of squares keep their digits where they are of deviations from the means in the end.
centred as (
    select
        measured.experiment_id,
        measured.metric_name,
        measured.variation_id,
        measured.is_capped,
        measured.exposed_date,
        measured.from_date,
        measured.until_date,
        metrics.is_per_exposed_day,
        cast(experiments.first_exposed_at as date) as first_date,
        cast(experiments.as_of_at as date) as as_of_date,
        {{ deviations_from_means() | trim }}
    from measured
    inner join metrics on measured.metric_name = metrics.metric_name
    inner join experiments on measured.experiment_id = experiments.experiment_id
    left join variation_moments
        on
            measured.experiment_id = variation_moments.experiment_id
            and measured.metric_name = variation_moments.metric_name
            and measured.variation_id = variation_moments.variation_id
            and measured.is_capped = variation_moments.is_capped
)

select * from centred
