{#- CTEs that end in `merged_moments`: the moments of groups of units, from those of their parts. Only
    sums of like terms are made, none is taken away: no digit is lost where one part's values are of
    another size than the others'.

        n = sum n_i,  mean = sum n_i m_i / n,  cov = sum ((n_i - 1) c_i + n_i (x_i - x)(y_i - y)) / (n - 1)

    and, with d for a part's distance from the mean of all and c for a part's covariance as a mean of
    products, (n_i - 1) / n_i of the sample's, the third moment of x, y and z is

        sum n_i (t_i + dx c_yz + dy c_xz + dz c_xy + dx dy dz) / n

    parts: text, a CTE with the keys and the moment_columns; group_by: list of text, never null. -#}
{% macro merge_moments(parts, group_by) %}
based_parts as (
    select
        {{ parts }}.*
        {%- for measure in experiment_metrics.moment_measures() %},
        min({{ measure }}_mean) over (partition by {{ group_by | join(', ') }}) as {{ measure }}_base
        {%- endfor %}
    from {{ parts }}
    where unit_count > 0
),

merged_means as (
    select
        {{ group_by | join(',\n        ') }},
        sum(unit_count) as unit_count,
        sum(observation_sum) as observation_sum,
        sum(denominator_sum) as denominator_sum
        {%- for measure in experiment_metrics.moment_measures() %},
        min({{ measure }}_base) + sum(unit_count * ({{ measure }}_mean - {{ measure }}_base))
        / sum(unit_count) as {{ measure }}_mean
        {%- endfor %}
    from based_parts
    group by {{ group_by | join(', ') }}
),

distant_parts as (
    select
        {{ experiment_metrics.prefixed('based_parts', group_by + ['unit_count']) | join(',\n        ') }}
        {%- for moment in experiment_metrics.second_moments() %},
        based_parts.{{ moment.name }}
        {%- endfor %}
        {%- for moment in experiment_metrics.third_moments() %},
        based_parts.{{ moment.name }}
        {%- endfor %}
        {%- for measure in experiment_metrics.moment_measures() %},
        {{ experiment_metrics.distance('based_parts.' ~ measure ~ '_mean', 'merged_means.' ~ measure ~ '_mean') }}
            as {{ measure }}_distance
        {%- endfor %}
    from based_parts
    inner join merged_means
        on
            {{ experiment_metrics.same_columns('based_parts', 'merged_means', group_by) }}
),

merged_covariances as (
    select
        {{ group_by | join(',\n        ') }}
        {%- for moment in experiment_metrics.second_moments() %},
        sum(
            coalesce((unit_count - 1) * {{ moment.name }}, 0)
            + unit_count * {{ moment.one }}_distance * {{ moment.other }}_distance
        ) / nullif(sum(unit_count) - 1, 0) as {{ moment.name }}
        {%- endfor %}
        {%- for moment in experiment_metrics.third_moments() %},
        sum({{ experiment_metrics.merged_third_moment(moment) | trim }}) / sum(unit_count) as {{ moment.name }}
        {%- endfor %}
    from distant_parts
    group by {{ group_by | join(', ') }}
),

merged_moments as (
    select
        {{ experiment_metrics.prefixed('merged_means', group_by) | join(',\n        ') }},
        cast(merged_means.unit_count as bigint) as unit_count,
        merged_means.observation_sum,
        merged_means.denominator_sum
        {%- for measure in experiment_metrics.moment_measures() %},
        merged_means.{{ measure }}_mean
        {%- endfor %}
        {%- for moment in experiment_metrics.second_moments() %},
        merged_covariances.{{ moment.name }}
        {%- endfor %}
        {%- for moment in experiment_metrics.third_moments() %},
        merged_covariances.{{ moment.name }}
        {%- endfor %}
    from merged_means
    inner join merged_covariances
        on
            {{ experiment_metrics.same_columns('merged_means', 'merged_covariances', group_by) }}
)
{%- endmacro %}


{#- A part's own third moment and what its distance from the mean of all adds, times its units. The terms
    of a measure that occurs twice are the same. -#}
{% macro merged_third_moment(moment) %}
    {%- set names = {} -%}
    {%- for second in experiment_metrics.second_moments() -%}
        {%- do names.update({(second.one, second.other): second.name, (second.other, second.one): second.name}) -%}
    {%- endfor -%}
    {%- set x, y, z = moment.measures -%}
            unit_count * ({{ moment.name }} + {{ x }}_distance * {{ y }}_distance * {{ z }}_distance)
            + (unit_count - 1) * (
                {{ x }}_distance * coalesce({{ names[(y, z)] }}, 0)
                + {{ y }}_distance * coalesce({{ names[(x, z)] }}, 0)
                + {{ z }}_distance * coalesce({{ names[(x, y)] }}, 0)
            )
{% endmacro %}


{#- How far a part's mean is from that of all: 0 where that is no more than rounding, so that units which
    are all the same have a variance of 0. -#}
{% macro distance(part, whole) %}
    {%- set difference = "(" ~ part ~ " - " ~ whole ~ ")" -%}
    {{- return(
        "case\n            when abs" ~ difference ~ " <= 1e-15 * abs(" ~ whole ~ ") then 0e0"
        ~ "\n            else " ~ experiment_metrics.cubable(difference) ~ "\n        end"
    ) -}}
{% endmacro %}


{#- The moment_columns of shares of days, from those of counts of days.
    counts: text, the alias of the moments; day_count: text, SQL, of how many days. -#}
{% macro scaled_moments(counts, day_count) %}
    {%- set days = "cast(" ~ day_count ~ " as " ~ experiment_metrics.type_double() ~ ")" -%}
    {%- for column in experiment_metrics.moment_columns() %}
        {%- set times = {
            'observation_sum': 1, 'observation_mean': 1, 'observation_variance': 2,
            'observation_third_moment': 3,
        }.get(column, 0) %}
        {{ counts }}.{{ column }}{{ (" / " ~ days) * times }} as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- The moment_columns after the count, null where a condition does not hold.
    moments: text, the alias of the moments; condition: text, SQL. -#}
{% macro moments_where(moments, condition) %}
    {%- for column in experiment_metrics.moment_columns() if column != 'unit_count' %}
        case when {{ condition }} then {{ moments }}.{{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
