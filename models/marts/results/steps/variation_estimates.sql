with

moments as (
    select * from {{ ref('variation_moments') }}
),

quantile_values as (
    select * from {{ ref('quantile_values') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

{{ linearise_moments('moments') }},

{{ estimate_quantiles('quantile_values') }},

{{ union_estimates() }}

select * from estimates
