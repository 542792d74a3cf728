with

reference_variations as (
    select * from {{ ref('reference_variations') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

-- What results compare with: the seed's, or one of the var baseline_variations.
findings as (
    select
        reference_variations.experiment_id,
        reference_variations.reference_variation_count as check_value,
        variations.unit_count,
        case
            when variations.unit_count is null then ''
            else {{ sentence(', with {variations.unit_count} units') }}
        end as of_units,
        case
            when reference_variations.reference_variation_count = 1
                then 'wait for them, or see why its exposures were left out'
            else 'say with which variation the others are compared'
        end as way_out
    from reference_variations
    left join variations
        on
            reference_variations.experiment_id = variations.experiment_id
            and reference_variations.reference_variation_id = variations.variation_id
),

{{ health_check(
    name='reference_variation',
    title='Reference variation',
    looks_at='reference variations',
    threshold=1,
    fail='value <> threshold or unit_count = 0',
    found='Reference variations: {value}{of_units:text}.',
    remedy='Nothing can be compared without one reference variation that has units:
        {way_out:text}.',
    missing='No reference variation, and no unit: say with which variation the others are
        compared.',
    missing_status='fail',
) }}

select * from checked
