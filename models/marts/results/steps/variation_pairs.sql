with

moments as (
    select * from {{ ref('variation_moments') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
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

{{ linearise_moments('moments') }},

{{ adjust_by_covariate('linear_moments') }},

{{ pair_variations(
    'estimates',
    'adjusted',
    days=days_between('experiments.first_exposed_at', 'experiments.last_exposed_at') ~ ' + 1',
) }}

select * from pairs
