{{ config(severity='warn') }}

-- Where Optimizely's export is not read, the lines of other experiments are the sample's.
{%- set is_checked = is_read('stg_optimizely__decisions') %}

with

settings as (
    select * from {{ ref('stg_experiments') }}
    where {{ 'true' if is_checked else 'false' }}
),

exposures as (
    select distinct experiment_id
    from {{ ref('all_exposures') }}
),

unused as (
    select settings.experiment_id
    from settings
    left join exposures on settings.experiment_id = exposures.experiment_id
    where exposures.experiment_id is null
)

select * from unused
