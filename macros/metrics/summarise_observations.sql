{#- Two CTEs that end in `summaries`: count, sum, mean and sample variance of the observations, one row
    per group.
    relation: text, a CTE with observation; group_by: list of text, columns of it, never null.
    The variance is centred on the group's mean, on which it does not depend, so that it keeps its
    digits where the mean is large beside the spread. -#}
{% macro summarise_observations(relation, group_by) %}
group_means as (
    select
        {{ group_by | join(',\n        ') }},
        avg(observation) as group_mean
    from {{ relation }}
    group by {{ group_by | join(', ') }}
),

summaries as (
    select
        {%- for column in group_by %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        count(*) as unit_count,
        sum({{ relation }}.observation) as observation_sum,
        avg({{ relation }}.observation) as metric_value,
        var_samp({{ relation }}.observation - group_means.group_mean) as variance
    from {{ relation }}
    inner join group_means
        on
            {%- for column in group_by %}
            {{ 'and ' if not loop.first }}{{ relation }}.{{ column }} = group_means.{{ column }}
            {%- endfor %}
    group by
        {%- for column in group_by %}
        {{ relation }}.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
)
{%- endmacro %}
