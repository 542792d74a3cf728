{#- Where this project wants its relations: its own in acme, the package's public tables in experiments, and
    the steps that lead to them in experiments_internal. -#}
{% macro generate_schema_name(custom_schema_name, node) %}
    {%- if node.package_name == 'experiment_metrics' -%}
        {{- return('experiments_internal' if custom_schema_name else 'experiments') -}}
    {%- endif -%}
    {{- return(custom_schema_name or target.schema) -}}
{% endmacro %}
