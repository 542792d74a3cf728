with

distributions as (
    select * from {{ ref('variation_metric_distributions') }}
),

totals as (
    select * from {{ ref('variation_metrics') }}
),

sums as (
    select
        experiment_id,
        metric_name,
        variation_id,
        sum(unit_count) as unit_count
    from distributions
    group by experiment_id, metric_name, variation_id
),

unequal as (
    select
        totals.experiment_id,
        totals.metric_name,
        totals.variation_id,
        totals.unit_count,
        coalesce(sums.unit_count, 0) as unit_count_of_bins
    from totals
    left join sums
        on
            totals.experiment_id = sums.experiment_id
            and totals.metric_name = sums.metric_name
            and totals.variation_id = sums.variation_id
    where totals.unit_count <> coalesce(sums.unit_count, 0)
)

select * from unequal
