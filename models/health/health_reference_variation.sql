with

variations as (
    select * from {{ ref('dim_variations') }}
),

findings as (
    select
        experiment_id,
        count(case when is_reference_variation then 1 end) as check_value,
        sum(case when is_reference_variation then unit_count else 0 end) as unit_count
    from variations
    group by experiment_id
),

{{ health_check(
    'reference_variation',
    threshold=1,
    fail='value <> threshold or unit_count = 0',
    found='Reference variations: {value}, with {unit_count} units.',
    remedy='Nothing can be compared without one reference variation that has units: name it by
        is_reference in seeds/variations.csv.',
    missing='No reference variation, and no unit: name it by is_reference in seeds/variations.csv.',
    missing_status='fail',
) }}

select * from checked
