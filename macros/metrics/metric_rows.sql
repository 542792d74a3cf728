{#- A query that gives the rows that count for a metric, from one source or several: experiment_id,
    variation_id, unit_id, exposed_at, occurred_at, and the columns asked for.
    part: dict with source (a relation or a list) and where; span: metric_span;
    columns: dict, SQL expressions by name; where one is a list, each row comes once with each. -#}
{% macro metric_rows(part, span, columns={}) %}
    {%- set sources = [part.source] if part.source is mapping or part.source is string
        or part.source.identifier is defined else part.source -%}
    {%- set selects = [] -%}
    {%- for source in sources -%}
        {%- for name in columns.metric_name or [none] -%}
            {%- do selects.append(source_rows(
                part, source, span, dict(columns, metric_name=name) if name else columns
            ) | trim) -%}
        {%- endfor -%}
    {%- endfor -%}
{{ selects | join('\nunion all\n') }}
{% endmacro %}


{% macro source_rows(part, source, span, columns) %}
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
{% endmacro %}


{#- The columns that a metric's rows need besides: the UTC date; whether a row lies before or after
    the exposure, where the metric has a covariate; the names of the metrics that a row counts for,
    where a breakdown makes several. columns: dict, further ones. -#}
{% macro row_columns(metric, columns={}) %}
    {%- set all_columns = {'observed_date': 'cast(occurred_at as date)'} -%}
    {%- if metric.cuped -%}
        {%- do all_columns.update({
            'row_kind': "case when occurred_at < exposed_at then 'covariate' else 'observation' end"
        }) -%}
    {%- endif -%}
    {%- if metric.breakdown -%}
        {%- do all_columns.update({
            'metric_name': [string_literal(metric.name), breakdown_name(metric)]
        }) -%}
    {%- endif -%}
    {%- do all_columns.update(columns) -%}
    {{- return(all_columns) -}}
{% endmacro %}


{#- The columns that tell a unit's observations of a metric's model apart. -#}
{% macro unit_keys(metric) %}
    {{- return(
        ['experiment_id', 'variation_id', 'unit_id']
        + (['metric_name'] if metric.breakdown else [])
        + (['row_kind'] if metric.cuped else [])
    ) -}}
{% endmacro %}


{#- The name, as SQL, of the metric that a row counts for by its value of the breakdown. -#}
{% macro breakdown_name(metric) %}
    {%- set value = to_text('(' ~ metric.breakdown ~ ')') -%}
    {%- set literals = [] -%}
    {%- for name in metric.breakdown_values -%}
        {%- do literals.append(string_literal(name)) -%}
    {%- endfor -%}
    {{- return(
        string_literal(metric.name ~ ': ') ~ " || case\n        when " ~ value ~ " in ("
        ~ literals | join(', ') ~ ") then " ~ value ~ "\n        else 'other'\n    end"
    ) -}}
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
