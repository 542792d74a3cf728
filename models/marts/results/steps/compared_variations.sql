with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

reference_variations as (
    select * from {{ ref('reference_variations') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
),

-- The whole experiment is a slice even if nobody was exposed.
slices as (
    select
        experiment_id,
        'experiment' as slice_type,
        '(all)' as segment_name,
        '(all)' as segment_value,
        cast(as_of_at as date) as as_of_date
    from experiments
    union all
    select distinct
        experiment_id,
        {{ slice_columns() | join(',\n        ') }}
    from estimates
    where slice_type <> 'experiment'
),

baselines as (
    select
        experiment_id,
        reference_variation_id,
        reference_variation_count,
        true as is_chosen_reference
    from reference_variations
    union all
    select
        variations.experiment_id,
        variations.variation_id as reference_variation_id,
        1 as reference_variation_count,
        false as is_chosen_reference
    from variations
    inner join reference_variations
        on variations.experiment_id = reference_variations.experiment_id
    where coalesce(variations.variation_id <> reference_variations.reference_variation_id, true)
),

-- In the whole experiment any variation may be compared with any other; in its parts, with the
-- reference.
compared as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        baselines.reference_variation_id,
        named.variation_name as reference_variation_name,
        baselines.reference_variation_count,
        baselines.is_chosen_reference,
        {{ prefixed('slices', slice_columns()) | join(',\n        ') }},
        experiments.as_of_at,
        least(
            {{ days_between('experiments.first_exposed_at', 'experiments.last_exposed_at') }},
            {{ days_between('experiments.first_exposed_at', 'slices.as_of_date') }}
        ) + 1 as exposure_days
    from variations
    inner join experiments on variations.experiment_id = experiments.experiment_id
    inner join slices on variations.experiment_id = slices.experiment_id
    inner join baselines
        on
            variations.experiment_id = baselines.experiment_id
            and (baselines.is_chosen_reference or slices.slice_type = 'experiment')
    left join variations as named
        on
            baselines.experiment_id = named.experiment_id
            and baselines.reference_variation_id = named.variation_id
)

select * from compared
