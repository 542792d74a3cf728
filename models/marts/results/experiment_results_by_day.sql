{%- set keys = ['as_of_date'] -%}

with

moments as (
    select * from {{ ref('variation_moments_by_day') }}
    where day_scale = 'calendar'
),

experiments as (
    select * from {{ ref('dim_experiments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

reference_variations as (
    select * from {{ ref('reference_variations') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

dated_moments as (
    select
        moments.*,
        {{ add_days('experiments.first_exposed_at', 'moments.day_number') }} as as_of_date
    from moments
    inner join experiments on moments.experiment_id = experiments.experiment_id
),

{{ linearise_moments('dated_moments') }},

{{ adjust_by_covariate('linear_moments', keys) }},

{{ pair_variations(
    'linear_moments',
    'adjusted',
    days='least('
    ~ days_between('experiments.first_exposed_at', 'experiments.last_exposed_at') ~ ', '
    ~ days_between('experiments.first_exposed_at', 'slices.as_of_date') ~ ') + 1',
    keys=keys,
) }},

{{ compare_pairs('pairs', keys) }},

{{ run_looks('comparisons') }},

{{ conclude_comparisons('looks', family=['experiment_id', 'as_of_date'], keys=keys) }}

select * from results
