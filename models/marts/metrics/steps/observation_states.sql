{{ config(materialized='view') }}

with

unit_metrics as (
    select * from {{ portable(ref('unit_metrics')) }}
    where has_entered
),

changes as (
    select * from {{ portable(ref('observation_changes')) }}
),

first_changes as (
    select
        experiment_id,
        unit_id,
        metric_name,
        min(from_date) as from_date
    from changes
    group by experiment_id, unit_id, metric_name
),

states as (
    select
        experiment_id,
        unit_id,
        metric_name,
        observation,
        denominator,
        from_date,
        lead(from_date) over (
            partition by experiment_id, unit_id, metric_name
            order by observed_date
        ) as until_date
    from changes
    union all
    -- Until anything is known of it, a unit has the default.
    select
        unit_metrics.experiment_id,
        unit_metrics.unit_id,
        unit_metrics.metric_name,
        null as observation,
        null as denominator,
        cast(unit_metrics.enters_at as date) as from_date,
        first_changes.from_date as until_date
    from unit_metrics
    left join first_changes
        on
            unit_metrics.experiment_id = first_changes.experiment_id
            and unit_metrics.unit_id = first_changes.unit_id
            and unit_metrics.metric_name = first_changes.metric_name
)

select * from states
where until_date is null or until_date > from_date
