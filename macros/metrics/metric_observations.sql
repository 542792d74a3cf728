{#- The body of a metric's model: one row per unit that has data and day on which its observation may
    have changed, with the observation as of the end of that day. Arguments by
    name only; docs/metrics.md lists them, metric_types.sql defines them. They are checked when the
    model is compiled for its run, not when the project is parsed, so that a mistake fails this
    metric by its file's name. -#}
{% macro metric_observations() %}
    {%- set arguments = kwargs -%}
    {{- config(meta={'metric': recorded_definition(arguments)}) -}}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- if varargs -%}
        {%- do metric_error("give each argument by its name, as in type='count'.") -%}
    {%- endif -%}
    {%- do check_metric(arguments) -%}
    {%- set observe = {
        'ratio': observe_ratio,
        'unit_count': observe_unit_count,
        'all_of': observe_combination,
        'any_of': observe_combination,
        'funnel': observe_funnel,
        'first': observe_edge,
        'latest': observe_edge,
        'quantile': observe_quantile,
    }.get(arguments.type, observe_aggregate) -%}
{{ observe(arguments, metric_span(arguments)) }}

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
{% endmacro %}


{#- What a metric's file says, without its sources, for the model's meta: as JSON can hold it, whatever
    the file says, because meta is read before any metric is checked. -#}
{% macro recorded_definition(value) %}
    {%- if value is undefined -%}
        {{- return(none) -}}
    {%- elif value is none or value is boolean or value is string -%}
        {{- return(value) -}}
    {%- elif value is number -%}
        {{- return(value if -1e18 < value < 1e18 else value | string) -}}
    {%- elif is_definition(value) -%}
        {%- set definition = {} -%}
        {%- for name, part in value.items() if name != 'source' -%}
            {%- do definition.update({name | string: recorded_definition(part)}) -%}
        {%- endfor -%}
        {{- return(definition) -}}
    {%- elif is_list(value) -%}
        {%- set parts = [] -%}
        {%- for part in value -%}
            {%- do parts.append(recorded_definition(part)) -%}
        {%- endfor -%}
        {{- return(parts) -}}
    {%- endif -%}
    {{- return(value | string) -}}
{% endmacro %}


{#- The columns of an observation. metric: dict with the name; observation, denominator: text, SQL;
    date: text, the day from whose end on it holds; kind: text, what the row is, unless it is its rows'
    own row_kind. -#}
{% macro observation_columns(
    metric, observation, denominator='null', date='observed_date', kind='observation'
) %}
        experiment_id,
        variation_id,
        unit_id,
        {{ 'metric_name' if metric.breakdown else string_literal(metric.name) ~ ' as metric_name' }},
        {{ 'row_kind' if metric.cuped else string_literal(kind) ~ ' as row_kind' }},
        {{ date }}{{ ' as observed_date' if date != 'observed_date' }},
        cast({{ observation }} as {{ type_double() }}) as observation,
        cast({{ denominator }} as {{ type_double() }}) as denominator
{%- endmacro %}
