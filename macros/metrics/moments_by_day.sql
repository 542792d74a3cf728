{#- The columns of running sums from which moments by day are made: of the measures as they are, of
    which a sum of nothing is exactly 0, and of deviations. -#}
{% macro day_sums() %}
    {%- set names = ['unit_count'] -%}
    {%- for measure in moment_measures() -%}
        {%- do names.extend([measure ~ '_sum', measure ~ '_deviation_sum']) -%}
    {%- endfor -%}
    {%- for moment in second_moments() -%}{%- do names.append(moment.name ~ '_sum') -%}{%- endfor -%}
    {{- return(names) -}}
{% endmacro %}


{#- The measures of a state, as they are and as deviations from the means of its variation. A share of
    days is not known before the day is: it is left as the count of days. A quantile is not made of
    sums: of its units, none but their number is kept. Reads rows of measured, metrics and
    variation_moments. -#}
{% macro deviations_from_means() %}
    {%- for measure in moment_measures() %}
        {%- set value = "case when not metrics.is_quantile then measured." ~ measure ~ " end" %}
        {{ value }} as {{ measure }},
        {{ value }} - {{ center('variation_moments', measure) }} as {{ measure }}_deviation
        {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- The number from which a measure deviates. moments: text, the alias of a row of variation_moments. -#}
{% macro center(moments, measure) %}
    {{- return(
        "case when metrics.is_per_exposed_day then 0 else coalesce(" ~ moments ~ "." ~ measure
        ~ "_mean, 0) end"
    ) -}}
{% endmacro %}


{#- What weighted states add to the day_sums, as aggregates. -#}
{% macro weighted_sums() %}
        sum(weight) as unit_count
    {%- for measure in moment_measures() %},
        sum(weight * {{ measure }}) as {{ measure }}_sum,
        sum(weight * {{ measure }}_deviation) as {{ measure }}_deviation_sum
    {%- endfor %}
    {%- for moment in second_moments() %},
        sum(weight * {{ moment.one }}_deviation * {{ moment.other }}_deviation) as {{ moment.name }}_sum
    {%- endfor %}
{% endmacro %}


{#- The day_sums up to each day. changes: text, the alias; frame: text, a window's name. -#}
{% macro running_sums(changes, frame) %}
    {%- for sum_name in day_sums() %}
        sum({{ changes }}.{{ sum_name }}) over {{ frame }} as {{ sum_name }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- The day_sums of all cohorts, where a row's are of counts of days and it has exposed_day_count. -#}
{% macro sums_of_cohorts() %}
    {%- for sum_name in day_sums() %}
        {%- set scale = {
            'observation_sum': ' / exposed_day_count',
            'observation_deviation_sum': ' / exposed_day_count',
            'observation_variance_sum': ' / (exposed_day_count * exposed_day_count)',
        }.get(sum_name, '') %}
        sum({{ sum_name ~ scale }}) as {{ sum_name }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- A query that gives the numbers of days from 0 on, for as long as any experiment may run. -#}
{% macro day_numbers() %}
select cast(generated_number - 1 as integer) as day_number
from ({{ dbt.generate_series(16384) }}) as generated
{% endmacro %}


{#- CTEs that end in `moments`, as the macro of that name makes them, from sums.
    summed: text, a CTE with day_sums. -#}
{% macro moments_of_sums(summed) %}
shifted as (
    select
        {{ summed }}.*
        {%- for measure in moment_measures() %},
        {{ measure }}_deviation_sum / nullif(unit_count, 0) as {{ measure }}_shift
        {%- endfor %}
    from {{ summed }}
),

moments as (
    select
        experiment_id,
        metric_name,
        variation_id,
        is_capped,
        day_scale,
        day_number,
        cast(coalesce(unit_count, 0) as bigint) as unit_count,
        case when unit_count > 0 then observation_sum end as observation_sum,
        case when unit_count > 0 then denominator_sum end as denominator_sum
        {%- for measure in moment_measures() %},
        {{ measure }}_sum / nullif(unit_count, 0) as {{ measure }}_mean
        {%- endfor %}
        {%- for moment in second_moments() %},
        {{ covariance_of_sums(moment) }} as {{ moment.name }}
        {%- endfor %}
    from shifted
)
{%- endmacro %}


{#- A sample covariance from sums of deviations: 0 where it is no more than what rounding leaves, so that
    units which are all the same have a variance of 0. -#}
{% macro covariance_of_sums(moment) %}
    {%- set shifts = "unit_count * " ~ moment.one ~ "_shift * " ~ moment.other ~ "_shift" -%}
    {%- set covariance = "(" ~ moment.name ~ "_sum - " ~ shifts ~ ")" -%}
    {%- set size = covariance if moment.one == moment.other else "abs" ~ covariance -%}
    {{- return(
        "case\n            when unit_count > 1 and " ~ size ~ " <= 1e-12 * abs(" ~ shifts ~ ") then 0e0"
        ~ "\n            when unit_count > 1 then " ~ covariance ~ " / (unit_count - 1)\n        end"
    ) -}}
{% endmacro %}
