{#- The arguments are checked when the model is compiled for its run, not when the project is
    parsed, so that a mistake fails this metric by its file's name. -#}
{% macro metric_observations() %}
    {%- set arguments = kwargs -%}
    {%- set definition = experiment_metrics.recorded_definition(arguments) -%}
    {{- config(meta={'metric': definition}, tags=['metric']) -}}
    {%- if model.package_name == 'experiment_metrics'
        and model.name in experiment_metrics.shipped_metrics()
        and model.name not in experiment_metrics.metric_models() -%}
        {{- config(enabled=false) -}}
    {%- endif -%}
    {%- do experiment_metrics.windowed_sources() -%}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- if varargs -%}
        {%- do experiment_metrics.metric_error(
            "give each argument by its name, as in type='count'."
        ) -%}
    {%- endif -%}
    {%- do experiment_metrics.check_metric(arguments) -%}
    {%- set observe = experiment_metrics.metric_types()[arguments.type].observe -%}
{{ observe(arguments, experiment_metrics.metric_span(arguments)) }}

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
{% endmacro %}


{#- What a metric's file says, without its sources, for the model's meta: as JSON can hold it,
    whatever the file says, because meta is read before any metric is checked. -#}
{% macro recorded_definition(value) %}
    {%- if value is undefined -%}
        {{- return(none) -}}
    {%- elif value is none or value is boolean or value is string -%}
        {{- return(value) -}}
    {%- elif value is number -%}
        {{- return(value if -1e18 < value < 1e18 else value | string) -}}
    {%- elif experiment_metrics.is_definition(value) -%}
        {%- set definition = {} -%}
        {%- for name, part in value.items() if name != 'source' -%}
            {%- do definition.update({name | string: experiment_metrics.recorded_definition(part)}) -%}
        {%- endfor -%}
        {{- return(definition) -}}
    {%- elif experiment_metrics.is_list(value) -%}
        {%- set parts = [] -%}
        {%- for part in value -%}
            {%- do parts.append(experiment_metrics.recorded_definition(part)) -%}
        {%- endfor -%}
        {{- return(parts) -}}
    {%- endif -%}
    {{- return(value | string) -}}
{% endmacro %}


{#- The columns of an observation. metric: dict with the name; observation, denominator: text, SQL;
    date: text, the day from whose end on it holds; kind: text, what the row is, unless it is its
    rows' own row_kind. -#}
{% macro observation_columns(
    metric, observation, denominator='null', date='observed_date', kind='observation'
) %}
        experiment_id,
        variation_id,
        unit_id,
        {{ "" if metric.breakdown else experiment_metrics.string_literal(metric.name) ~ " as " }}metric_name,
        {{ "" if metric.cuped else experiment_metrics.string_literal(kind) ~ " as " }}row_kind,
        {{ date }}{{ ' as observed_date' if date != 'observed_date' }},
        cast({{ observation }} as {{ experiment_metrics.type_double() }}) as observation,
        cast({{ denominator }} as {{ experiment_metrics.type_double() }}) as denominator
{%- endmacro %}
