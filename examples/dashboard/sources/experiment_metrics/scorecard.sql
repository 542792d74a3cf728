-- A row for each metric and variation: the estimator to read. Money is in minor units in the tables,
-- in major ones here.
select
    results.experiment_id,
    results.metric_name,
    results.variation_name,
    results.estimator,
    results.is_primary,
    results.is_guardrail,
    results.unit_count,
    case when metrics.unit = 'money' then coalesce(metrics.currency, 'money') else metrics.unit end
        as unit,
    results.reference_metric_value
    / case when metrics.unit = 'money' then power(10, metrics.currency_decimals) else 1 end
        as reference_value,
    results.metric_value
    / case when metrics.unit = 'money' then power(10, metrics.currency_decimals) else 1 end
        as variation_value,
    results.relative_lift,
    results.relative_lift_ci_low,
    results.relative_lift_ci_high,
    results.adjusted_p_value,
    results.chance_to_win,
    case when results.status <> 'ok' then coalesce(results.status_reason, results.status) end as remark
from experiment_results as results
inner join dim_metrics as metrics on results.metric_name = metrics.metric_name
where results.is_headline and results.status <> 'reference'
