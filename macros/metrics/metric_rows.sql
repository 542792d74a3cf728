{#- A query that gives the rows that count for a metric, from one source or several: experiment_id,
    variation_id, unit_id, exposed_at, occurred_at, and the columns asked for.
    part: dict with source (a relation or a list) and where; span: metric_span;
    columns: dict, SQL expressions by name. -#}
{% macro metric_rows(part, span, columns={}) %}
    {%- set sources = [part.source] if part.source is mapping or part.source is string
        or part.source.identifier is defined else part.source -%}
    {%- for source in sources %}
select
    experiment_id,
    variation_id,
    unit_id,
    exposed_at,
    occurred_at
    {%- for name, expression in columns.items() %},
    {{ expression }} as {{ name }}
    {%- endfor %}
from {{ metric_source(source, span) }}
        {%- set conditions = [source_condition(source, span), part.where and "(" ~ part.where ~ ")"]
            | select | list %}
        {%- if conditions %}
where
    {{ conditions | join('\n    and ') }}
        {%- endif %}
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}


{#- The relation that holds all rows of a source that a span may reach. experiment_events and
    experiment_calls hold the experiment's own window; a metric with a span of its own reads what
    they were filtered from. Their order of building is safe: those models are the parents of
    these. In a unit test the given rows stand for either. -#}
{% macro metric_source(source, span) %}
    {%- set unfiltered = {'experiment_events': 'unit_events', 'experiment_calls': 'unit_calls'} -%}
    {%- if execute and span.is_own and source.identifier in unfiltered -%}
        {{- return(api.Relation.create(
            database=source.database,
            schema=source.schema,
            identifier=unfiltered[source.identifier]
        )) -}}
    {%- endif -%}
    {{- return(source) -}}
{% endmacro %}


{#- The condition that a source's row lies in the span; none where the source holds no others. -#}
{% macro source_condition(source, span) %}
    {%- if span.is_own -%}{{- return(in_span(span)) -}}{%- endif -%}
    {%- set name = (source.identifier or '') | replace('__dbt__cte__', '') -%}
    {{- return(none if name in ['experiment_events', 'experiment_calls'] else 'is_in_window') -}}
{% endmacro %}
