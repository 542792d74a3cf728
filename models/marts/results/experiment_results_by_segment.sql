{%- set keys = ['segment_name', 'segment_value'] -%}

with

moments as (
    select * from {{ ref('variation_moments_by_segment') }}
),

estimates as (
    select * from {{ ref('variation_estimates_by_segment') }}
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

{{ adjust_by_covariate('linear_moments', keys) }},

{{ pair_variations(
    'estimates',
    'adjusted',
    days=days_between('experiments.first_exposed_at', 'experiments.last_exposed_at') ~ ' + 1',
    keys=keys,
) }},

{{ compare_pairs('pairs', keys) }},

{{ conclude_comparisons('comparisons', family=['experiment_id', 'segment_name'], keys=keys) }}

select * from results
