{#- Whether a visitor id names nobody: null, blank, or the text that JavaScript makes of a missing
    value. The text "NULL" is somebody's id. -#}
{% macro is_missing_visitor(expression) %}
    {{- return("(" ~ experiment_metrics.is_blank(expression) ~ " or " ~ expression ~ " = 'undefined')") -}}
{% endmacro %}
