{#- Two CTEs that end in `summaries`: count, sum, mean and sample variance of the observations, one row
    per group.
    relation: text, a CTE with metric_name and observation; group_by: list of text, columns of it.
    The variance is centred on the metric's mean over everything, which it does not depend on, so
    that it keeps its digits where the mean is large beside the spread (statistics: shift
    invariance of the variance). -#}
{% macro summarise_observations(relation, group_by) %}
metric_means as (
    select
        experiment_id,
        metric_name,
        avg(observation) as overall_mean
    from {{ relation }}
    group by experiment_id, metric_name
),

summaries as (
    select
        {%- for column in group_by %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        count(*) as unit_count,
        sum({{ relation }}.observation) as observation_sum,
        avg({{ relation }}.observation) as metric_value,
        var_samp({{ relation }}.observation - metric_means.overall_mean) as variance
    from {{ relation }}
    inner join metric_means
        on
            {{ relation }}.experiment_id = metric_means.experiment_id
            and {{ relation }}.metric_name = metric_means.metric_name
    group by
        {%- for column in group_by %}
        {{ relation }}.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
)
{%- endmacro %}
