{#- A query that gives the numbers of days from 0 on, for as long as any experiment may run. -#}
{% macro day_numbers() %}
select cast(generated_number - 1 as integer) as day_number
from ({{ dbt.generate_series(16384) }}) as generated
{% endmacro %}


{#- A query that gives the lengths in days of stretches: each is twice the one before, up to the longest
    that anything may last. Stretches of one length lie end to end from day 0 on, so that two of one
    length make one of the next. -#}
{% macro day_stretches() %}
    {%- for power in range(16) %}
select {{ 2 ** power }} as stretch_days
{%- if not loop.last %}
union all
{%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- Which stretch of a length a day lies in. -#}
{% macro floor_of(day, stretch_days) %}
    {{- return("cast(floor(" ~ day ~ " / cast(" ~ stretch_days ~ " as " ~ experiment_metrics.type_double() ~ ")) as bigint)") -}}
{% endmacro %}


{#- The first stretch of a length that begins on a day or later. -#}
{% macro ceiling_of(day, stretch_days) %}
    {{- return("cast(ceil(" ~ day ~ " / cast(" ~ stretch_days ~ " as " ~ experiment_metrics.type_double() ~ ")) as bigint)") -}}
{% endmacro %}
