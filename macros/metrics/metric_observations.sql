{#- The body of a metric's model: one row per unit that has data, with its observation. Arguments by
    name only; docs/metrics.md lists them, metric_types.sql defines them. They are checked when the
    model is compiled for its run, not when the project is parsed, so that a mistake fails this
    metric by its file's name. -#}
{% macro metric_observations() %}
    {%- set arguments = kwargs -%}
    {{- config(meta={'metric': recorded_definition(arguments)}) -}}
    {%- if not execute -%}
        {#- While dbt parses, it learns a model's parents: those in the file, and the clock, which
            only this rollup reads. -#}
        {%- if arguments.rollup == 'daily' -%}{%- do ref('analysis_clock') -%}{%- endif -%}
        {{- return('') -}}
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
    }.get(arguments.type, observe_aggregate) -%}
{{ observe(arguments, metric_span(arguments)) }}

select * from observed
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


{#- The columns that begin and end every observation. name: text, the metric's. -#}
{% macro observation_columns(name, observation, denominator='null') %}
        experiment_id,
        variation_id,
        unit_id,
        {{ string_literal(name) }} as metric_name,
        cast({{ observation }} as {{ type_double() }}) as observation,
        cast({{ denominator }} as {{ type_double() }}) as denominator
{%- endmacro %}
