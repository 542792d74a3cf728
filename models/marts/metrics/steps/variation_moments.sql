with

observations as (
    select * from {{ ref('unit_observations') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where not is_quantile
),

measured as (
    {{ measured_observations('observations', []) | trim | indent(4) }}
),

{{ moments('measured', ['experiment_id', 'metric_name', 'variation_id', 'is_capped']) }}

select * from moments
