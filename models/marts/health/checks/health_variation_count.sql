with

variations as (
    select * from {{ ref('dim_variations') }}
),

findings as (
    select
        experiment_id,
        count(case when unit_count > 0 then 1 end) as check_value
    from variations
    group by experiment_id
),

{{ health_check(
    name='variation_count',
    title='Variations with units',
    looks_at='variations with units',
    threshold=2,
    fail='value < threshold',
    found='Variations with units: {value}.',
    remedy='There is nothing to compare: see why only one variation was shown, or whether the rows
        of the others were delivered.',
    missing='No unit was exposed: see why the exposures were left out.',
    missing_status='fail',
) }}

select * from checked
