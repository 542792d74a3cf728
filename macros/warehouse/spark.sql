{% macro spark__type_tags() %}
    {{- return('map<string, string>') -}}
{% endmacro %}
