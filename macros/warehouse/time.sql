{#- A UTC timestamp from a timestamp, a timestamp with zone, a text, or epoch milliseconds; null if
    it is none of these. -#}
{% macro to_timestamp(expression) %}
    {{- return(adapter.dispatch('to_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}

{% macro duckdb__to_timestamp(expression) %}
    {{- return(
        "coalesce(epoch_ms(try_cast(" ~ expression ~ " as bigint)), try_cast("
        ~ expression ~ " as timestamp))"
    ) -}}
{% endmacro %}


{#- A UTC timestamp from text of the form 9/15/2020 23:00:00 (month first); null if it isn't. -#}
{% macro us_timestamp(expression) %}
    {{- return(adapter.dispatch('us_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}

{% macro duckdb__us_timestamp(expression) %}
    {{- return("try_strptime(" ~ expression ~ ", '%m/%d/%Y %H:%M:%S')") -}}
{% endmacro %}


{#- A timestamp moved by a number of hours (a number or an expression, fractions allowed), to the
    millisecond. -#}
{% macro add_hours(expression, hours) %}
    {{- return(adapter.dispatch('add_hours', 'experiment_metrics')(expression, hours)) -}}
{% endmacro %}

{% macro duckdb__add_hours(expression, hours) %}
    {%- set milliseconds = (hours * 3600000) | round | int if hours is number
        else "cast(round(" ~ hours ~ " * 3600000) as bigint)" -%}
    {{- return("(" ~ expression ~ " + to_milliseconds(" ~ milliseconds ~ "))") -}}
{% endmacro %}
