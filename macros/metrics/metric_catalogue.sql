{#- A query that gives one row per metric with its definition, read from what the metrics' files
    recorded about themselves. -#}
{% macro metric_catalogue() %}
{%- for model_name in metric_models() -%}
    {%- do ref(model_name) -%}
    {%- set node = graph.nodes['model.experiment_metrics.' ~ model_name] if execute else none -%}
    {%- set metric = node.config.meta.metric if node else {} -%}
select
    {{ literal_or_null(metric.name) }} as metric_name,
    {{ literal_or_null(metric.type) }} as metric_type,
    {{ literal_or_null(metric.direction) }} as direction,
    {{ 'true' if metric.is_guardrail else 'false' }} as is_guardrail,
    {{ literal_or_null(metric.unit) }} as unit,
    {{ literal_or_null(metric.description) }} as description,
    {{ literal_or_null(metric.owner) }} as owner,
    {{ literal_or_null(metric.where) }} as row_filter,
    {{ literal_or_null(metric.value) }} as value_expression,
    cast({{ number_or_null(metric.window_hours) }} as {{ type_double() }}) as window_hours,
    cast({{ number_or_null(metric.default_value) }} as {{ type_double() }}) as default_value,
    {{ string_literal(model_name) }} as model_name
{%- if not loop.last %}
union all
{% endif -%}
{%- endfor -%}
{% endmacro %}


{% macro literal_or_null(text) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")" if text is none or text is undefined
        else string_literal(text)) -}}
{% endmacro %}


{% macro number_or_null(number) %}
    {{- return('null' if number is none or number is undefined else number) -}}
{% endmacro %}
