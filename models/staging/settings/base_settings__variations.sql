{{ config(materialized='view') }}

with

variations as (
    select
        {{ to_text('experiment_id') }} as experiment_id,
        {{ to_text('experiment_name') }} as experiment_name,
        {{ to_text('variation_id') }} as variation_id,
        {{ to_text('variation_name') }} as variation_name,
        {{ to_text('is_reference') }} as is_reference,
        {{ to_text('traffic_share') }} as traffic_share
    from {{ ref('variations') }}
),

exposed_variations as (
    select distinct
        experiment_id,
        variation_id
    from {{ ref('all_exposures') }}
),

exposed_experiments as (
    select distinct experiment_id from exposed_variations
),

-- White space around an id is a slip, unless the experiment's or variation's own has it.
known_experiments as (
    select
        coalesce(exposed_experiments.experiment_id, {{ trimmed('variations.experiment_id') }})
            as experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        variations.is_reference,
        variations.traffic_share
    from variations
    left join exposed_experiments on variations.experiment_id = exposed_experiments.experiment_id
),

typed as (
    select
        known_experiments.experiment_id,
        {{ blank_to_null(trimmed('known_experiments.experiment_name')) }} as experiment_name,
        coalesce(exposed_variations.variation_id, {{ trimmed('known_experiments.variation_id') }})
            as variation_id,
        {{ blank_to_null(trimmed('known_experiments.variation_name')) }} as variation_name,
        {{ to_boolean(trimmed('known_experiments.is_reference')) }} as is_reference_variation,
        {{ to_double(trimmed('known_experiments.traffic_share')) }} as traffic_share
    from known_experiments
    left join exposed_variations
        on
            known_experiments.experiment_id = exposed_variations.experiment_id
            and known_experiments.variation_id = exposed_variations.variation_id
)

select * from typed
