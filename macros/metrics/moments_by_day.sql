{#- The columns of running sums from which moments by day are made. -#}
{% macro day_sums() %}
    {%- set names = ['unit_count'] -%}
    {%- for measure in moment_measures() -%}{%- do names.append(measure ~ '_sum') -%}{%- endfor -%}
    {%- for moment in second_moments() -%}{%- do names.append(moment.name ~ '_sum') -%}{%- endfor -%}
    {{- return(names) -}}
{% endmacro %}


{#- The measures of a state as deviations from the means of its variation. A share of days is not known
    before the day is: it is left as the count of days. Reads rows of measured, metrics and
    variation_moments. -#}
{% macro deviations_from_means() %}
    {%- for measure in moment_measures() %}
        measured.{{ measure }} - {{ center('variation_moments', measure) }} as {{ measure }}
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
        sum(weight * {{ measure }}) as {{ measure }}_sum
    {%- endfor %}
    {%- for moment in second_moments() %},
        sum(weight * {{ moment.one }} * {{ moment.other }}) as {{ moment.name }}_sum
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


{#- CTEs that end in `moments`, as the macro of that name makes them, from sums of deviations.
    summed: text, a CTE with day_sums; centers: text, the CTE with the means from which they
    deviate; reads the CTE metrics. -#}
{% macro moments_of_sums(summed, centers) %}
centred_means as (
    select
        {{ summed }}.*,
        {%- for measure in moment_measures() %}
        {{ summed }}.{{ measure }}_sum / nullif({{ summed }}.unit_count, 0) as {{ measure }}_shift,
        {{ center(centers, measure) }} as {{ measure }}_center{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ summed }}
    inner join metrics on {{ summed }}.metric_name = metrics.metric_name
    inner join {{ centers }}
        on
            {{ summed }}.experiment_id = {{ centers }}.experiment_id
            and {{ summed }}.metric_name = {{ centers }}.metric_name
            and {{ summed }}.variation_id = {{ centers }}.variation_id
            and {{ summed }}.is_capped = {{ centers }}.is_capped
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
        case when unit_count > 0 then observation_sum + unit_count * observation_center end
            as observation_sum,
        case when unit_count > 0 then denominator_sum + unit_count * denominator_center end
            as denominator_sum
        {%- for measure in moment_measures() %},
        {{ measure }}_center + {{ measure }}_shift as {{ measure }}_mean
        {%- endfor %}
        {%- for moment in second_moments() %},
        {{ covariance_of_sums(moment) }} as {{ moment.name }}
        {%- endfor %}
    from centred_means
)
{%- endmacro %}


{#- A sample covariance from sums of deviations; a variance is never below 0 for rounding. -#}
{% macro covariance_of_sums(moment) %}
    {%- set covariance = "(" ~ moment.name ~ "_sum - unit_count * " ~ moment.one ~ "_shift * "
        ~ moment.other ~ "_shift) / (unit_count - 1)" -%}
    {%- if moment.one == moment.other -%}
        {%- set covariance = "greatest(" ~ covariance ~ ", 0)" -%}
    {%- endif -%}
    {{- return("case when unit_count > 1 then " ~ covariance ~ " end") -}}
{% endmacro %}
