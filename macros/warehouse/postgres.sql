{% macro postgres__type_tags() %}
    {{- return('jsonb') -}}
{% endmacro %}


{% macro postgres__materialized() %}
    {{- return('materialized') -}}
{% endmacro %}
