{{ config(severity='warn') }}

with

variations as (
    select * from {{ ref('base_settings__variations') }}
),

-- What is to be told apart, and within what.
names as (
    select
        'experiment_id' as column_name,
        '' as experiment_id,
        experiment_id as word,
        experiment_id as named_id
    from variations
    union all
    select
        'experiment_name' as column_name,
        '' as experiment_id,
        experiment_name as word,
        experiment_name as named_id
    from variations
    union all
    select
        'variation_id' as column_name,
        experiment_id,
        variation_id as word,
        variation_id as named_id
    from variations
    union all
    select
        'variation_name' as column_name,
        experiment_id,
        variation_name as word,
        variation_id as named_id
    from variations
),

alike as (
    select
        column_name,
        experiment_id,
        min(word) as one,
        max(word) as other
    from names
    where word is not null
    group by column_name, experiment_id, {{ likeness_key('word') }}
    having count(distinct named_id) > 1
)

select * from alike
