{#- The body of a metric's model: one row per unit that has data and day on which its observation may
    have changed, with the observation as of the end of that day. Arguments by
    name only; docs/metrics.md lists them, metric_types.sql defines them. They are checked when the
    model is compiled for its run, not when the project is parsed, so that a mistake fails this
    metric by its file's name. -#}
{% macro metric_observations() %}
    {%- set arguments = kwargs -%}
    {{- config(meta={'metric': recorded_definition(arguments)}) -}}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
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


{#- What a metric's file says, without its relations, for the model's meta. -#}
{% macro recorded_definition(arguments) %}
    {%- set definition = {} -%}
    {%- for name, value in arguments.items() if name != 'source' -%}
        {%- if name in ['numerator', 'denominator'] and value is mapping -%}
            {%- do definition.update({name: recorded_definition(value)}) -%}
        {%- elif name in ['steps', 'conditions'] and value is iterable and value is not string -%}
            {%- set parts = [] -%}
            {%- for part in value if part is mapping -%}
                {%- do parts.append(recorded_definition(part)) -%}
            {%- endfor -%}
            {%- do definition.update({name: parts}) -%}
        {%- else -%}
            {%- do definition.update({name: value}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(definition) -}}
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
