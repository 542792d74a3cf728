{{ config(severity='warn') }}

with

experiments as (
    select * from {{ ref('stg_experiments') }}
),

variations as (
    select * from {{ ref('stg_variations') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

sample_lines as (
    select 'seeds/experiments.csv' as file_name from experiments
    where {{ is_sample_id('experiment_id') }}
    union
    select 'seeds/variations.csv' as file_name from variations
    where {{ is_sample_id('experiment_id') }}
    union
    select 'seeds/excluded_visitors.csv' as file_name from excluded_visitors
    where {{ is_sample_id('visitor_id') }}
    union
    select 'seeds/call_data.csv' as file_name
    where {{ is_sample_call_data() }}
),

-- Where another door than the export's brings the data, the sample's lines may stay.
left_over as (
    select {{ dbt.listagg('file_name', "', '", 'order by file_name') }} as files
    from sample_lines
    where
        {{ is_read('stg_optimizely__decisions') | string | lower }}
        and not {{ has_sample_exposures() }}
    having count(*) > 0
)

select * from left_over
