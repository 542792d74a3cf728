{{ config(materialized='view') }}

with

unit_metrics as (
    select * from {{ portable(ref('unit_metrics')) }}
    where has_entered
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'observation'
),

-- What is known before a unit enters a metric counts from then on.
changes as (
    select
        unit_metrics.experiment_id,
        unit_metrics.unit_id,
        unit_metrics.metric_name,
        observed.observation,
        observed.denominator,
        observed.observed_date,
        case
            when observed.observed_date < cast(unit_metrics.enters_at as date)
                then cast(unit_metrics.enters_at as date)
            else observed.observed_date
        end as from_date
    from observed
    inner join unit_metrics
        on
            observed.experiment_id = unit_metrics.experiment_id
            and observed.unit_id = unit_metrics.unit_id
            and observed.metric_name = unit_metrics.metric_name
)

select * from changes
