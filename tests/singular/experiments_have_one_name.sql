with

variations as (
    select * from {{ ref('base_settings__variations') }}
),

named_twice as (
    select
        experiment_id,
        min(experiment_name) as experiment_name,
        max(experiment_name) as other_experiment_name
    from variations
    group by experiment_id
    having count(distinct experiment_name) > 1
)

select * from named_twice
