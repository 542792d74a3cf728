{#- The measures of a unit, of which variations have moments. -#}
{% macro moment_measures() %}
    {{- return(['observation', 'denominator', 'covariate', 'covariate_denominator']) -}}
{% endmacro %}


{#- The second moments of a variation: list of dicts with the two measures and the column's name. -#}
{% macro second_moments() %}
    {%- set measures = experiment_metrics.moment_measures() -%}
    {%- set moments = [] -%}
    {%- for one in measures -%}
        {%- for other in measures[loop.index0:] -%}
            {%- do moments.append({
                'one': one,
                'other': other,
                'name': one ~ '_variance' if one == other else one ~ '_' ~ other ~ '_covariance',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(moments) -}}
{% endmacro %}


{#- The third central moments of a variation, for the skewness of what is made of its measures. List of
    dicts with the three measures and the column's name. -#}
{% macro third_moments() %}
    {%- set measures = experiment_metrics.moment_measures() -%}
    {%- set moments = [] -%}
    {%- for one in range(4) -%}
        {%- for two in range(one, 4) -%}
            {%- for three in range(two, 4) -%}
                {%- set names = [measures[one], measures[two], measures[three]] -%}
                {%- do moments.append({
                    'measures': names,
                    'name': measures[one] ~ '_third_moment' if one == three else names | join('_') ~ '_coskew',
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(moments) -}}
{% endmacro %}


{#- CTEs that end in `moments`: count, sums, means, sample variances and covariances, and third central
    moments of the observations and what goes with them, one row per group. They are centred on the
    group's means, on which they do not depend, so that they keep their digits where a mean is large
    beside the spread.
    relation: text, a CTE with the moment_measures; group_by: list of text, never null. -#}
{% macro moments(relation, group_by) %}
group_means as (
    select
        {{ group_by | join(',\n        ') }}
        {%- for measure in experiment_metrics.moment_measures() %},
        avg({{ measure }}) as {{ measure }}_mean
        {%- endfor %}
    from {{ relation }}
    group by {{ group_by | join(', ') }}
),

deviations as (
    select
        {%- for column in group_by %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        {{ relation }}.observation as raw_observation,
        {{ relation }}.denominator as raw_denominator
        {%- for measure in experiment_metrics.moment_measures() %},
        group_means.{{ measure }}_mean,
        {{ relation }}.{{ measure }} - group_means.{{ measure }}_mean as {{ measure }}
        {%- endfor %}
    from {{ relation }}
    inner join group_means
        on
            {{ experiment_metrics.same_columns(relation, 'group_means', group_by) }}
),

factors as (
    select
        *
        {%- for measure in experiment_metrics.moment_measures() %},
        {{ experiment_metrics.cubable(measure) }} as {{ measure }}_factor
        {%- endfor %}
    from deviations
),

moments as (
    select
        {{ group_by | join(',\n        ') }},
        count(observation) as unit_count,
        sum(raw_observation) as observation_sum,
        sum(raw_denominator) as denominator_sum
        {%- for measure in experiment_metrics.moment_measures() %},
        min({{ measure }}_mean) + avg({{ measure }}) as {{ measure }}_mean
        {%- endfor %}
        {%- for moment in experiment_metrics.second_moments() %},
        {{ experiment_metrics.sample_covariance(moment.one, moment.other) }} as {{ moment.name }}
        {%- endfor %}
        {%- for moment in experiment_metrics.third_moments() %},
        avg({{ moment.measures | join('_factor * ') }}_factor) as {{ moment.name }}
        {%- endfor %}
    from factors
    group by {{ group_by | join(', ') }}
)
{%- endmacro %}


{#- The sample variance of a column, or the covariance of two. -#}
{% macro sample_covariance(one, other) %}
    {{- return('var_samp(' ~ one ~ ')' if one == other else 'covar_samp(' ~ one ~ ', ' ~ other ~ ')') -}}
{% endmacro %}


{#- A number, within what has a cube that is a double: some warehouses raise an error beyond. x: text, an
    expression that is a name or stands in parentheses. -#}
{% macro cubable(x) %}
    {{- return(
        "case when abs(" ~ x ~ ") <= 1e-100 then 0e0 when abs(" ~ x ~ ") <= 1e100 then " ~ x
        ~ " when " ~ x ~ " > 0 then 1e100 when " ~ x ~ " < 0 then -1e100 end"
    ) -}}
{% endmacro %}


{#- The columns of a relation of moments, in their order. -#}
{% macro moment_columns() %}
    {%- set columns = ['unit_count', 'observation_sum', 'denominator_sum'] -%}
    {%- for measure in experiment_metrics.moment_measures() -%}{%- do columns.append(measure ~ '_mean') -%}{%- endfor -%}
    {%- set moments = experiment_metrics.second_moments() + experiment_metrics.third_moments() -%}
    {{- return(columns + moments | map(attribute='name') | list) -}}
{% endmacro %}
