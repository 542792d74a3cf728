{{ config(materialized='view') }}

with

unit_metrics as (
    select * from {{ portable(ref('unit_metrics')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'observation' and is_latest
),

covariates as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'covariate' and is_latest
),

filled as (
    select
        unit_metrics.experiment_id,
        unit_metrics.variation_id,
        unit_metrics.unit_id,
        unit_metrics.metric_name,
        unit_metrics.exposed_at,
        unit_metrics.is_mature,
        unit_metrics.has_entered,
        metrics.drops_zero_denominator,
        {{- filled_measures(
            'observed.observation / case when metrics.is_per_exposed_day'
            ~ ' then unit_metrics.exposed_day_count else 1 end',
            'observed.denominator'
        ) }}
    from unit_metrics
    inner join metrics on unit_metrics.metric_name = metrics.metric_name
    left join observed
        on
            unit_metrics.experiment_id = observed.experiment_id
            and unit_metrics.unit_id = observed.unit_id
            and unit_metrics.metric_name = observed.metric_name
    left join covariates
        on
            unit_metrics.experiment_id = covariates.experiment_id
            and unit_metrics.unit_id = covariates.unit_id
            and unit_metrics.metric_name = covariates.metric_name
),

marked as (
    select
        filled.*,
        filled.has_entered and {{ is_counted('filled') }} as is_counted
    from filled
),

-- A unit that a metric says nothing about has no number there.
observations as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        exposed_at,
        is_mature,
        case when is_counted then observation end as observation,
        case when is_counted then denominator end as denominator,
        case when is_counted then covariate end as covariate,
        case when is_counted then covariate_denominator end as covariate_denominator
    from marked
)

select * from observations
