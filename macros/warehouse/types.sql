{#- 64-bit floating point. dbt.type_float() is 32 bits on DuckDB and Spark. -#}
{% macro type_double() %}
    {{- return(adapter.dispatch('type_double', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__type_double() %}
    {{- return('double') -}}
{% endmacro %}


{#- A boolean from text; null if the text is neither true nor false, in upper or lower case. -#}
{% macro to_boolean(expression) %}
    {{- return(
        "case lower(" ~ expression ~ ") when 'true' then true when 'false' then false end"
    ) -}}
{% endmacro %}


{#- A number from text; null if the text is not a finite number. -#}
{% macro to_double(expression) %}
    {{- return(adapter.dispatch('to_double', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A whole number from a number or text of any type; null if it is none. One with a fraction is rounded: what
    may not be is checked before. -#}
{% macro to_whole(expression) %}
    {{- return(adapter.dispatch('to_whole', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A number from a number or text of any type; null if it is none. -#}
{% macro to_number(expression) %}
    {{- return(adapter.dispatch('to_number', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- What the export knows of a visitor: the type of decisions' attributes. -#}
{% macro type_attributes() %}
    {{- return(adapter.dispatch('type_attributes', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__type_attributes() %}
    {{- return('struct(id varchar, name varchar, "type" varchar, "value" varchar)[]') -}}
{% endmacro %}


{#- Texts by key: the type of events' tags. -#}
{% macro type_tags() %}
    {{- return(adapter.dispatch('type_tags', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__type_tags() %}
    {{- return('map(varchar, varchar)') -}}
{% endmacro %}
