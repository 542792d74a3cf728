{#- CTEs that end in `summaries`: count, sums, value and variance of the observations, one row per
    group. The value is the mean; for a ratio the sum over the sum of the denominators, with the
    variance of the delta method, (v_n - 2 R c_nd + R^2 v_d) / mean(d)^2.
    relation: text, a CTE with metric_name, observation, denominator; group_by: list of text, never
    null.
    Variances are centred on the group's means, on which they do not depend, so that they keep
    their digits where the mean is large beside the spread. -#}
{% macro summarise_observations(relation, group_by) %}
group_means as (
    select
        {{ group_by | join(',\n        ') }},
        avg(observation) as group_mean,
        avg(denominator) as group_denominator
    from {{ relation }}
    group by {{ group_by | join(', ') }}
),

moments as (
    select
        {%- for column in group_by %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        count(observation) as unit_count,
        sum(observation) as observation_sum,
        sum(denominator) as denominator_sum,
        avg(observation) as observation_mean,
        avg(denominator) as denominator_mean,
        var_samp(observation - group_mean) as observation_variance,
        var_samp(denominator - group_denominator) as denominator_variance,
        covar_samp(observation - group_mean, denominator - group_denominator) as covariance
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
),

ratios as (
    select
        moments.*,
        observation_mean / nullif(denominator_mean, 0) as ratio
    from moments
),

ratio_variances as (
    select
        ratios.*,
        (observation_variance - 2 * ratio * covariance + ratio * ratio * denominator_variance)
        / (denominator_mean * denominator_mean) as ratio_variance
    from ratios
),

summaries as (
    select
        {%- for column in group_by %}
        {{ column }},
        {%- endfor %}
        unit_count,
        observation_sum,
        denominator_sum,
        case when denominator_sum is null then observation_mean else ratio end as metric_value,
        case
            when denominator_sum is null then observation_variance
            -- Rounding may take a variance of nothing below 0.
            when ratio_variance < 0 then 0
            else ratio_variance
        end as variance
    from ratio_variances
)
{%- endmacro %}
