{#- A query that gives the rows that count for a metric, or for a part of it, from one source or
    several: experiment_id, variation_id, unit_id, exposed_at, occurred_at, row_columns and the
    columns asked for. span: metric_span; columns: dict, SQL expressions by name; where one is a
    list, each row comes once with each; part: dict with source (a relation or a list) and where, by
    default the metric's. -#}
{% macro metric_rows(metric, span, columns={}, part=none) %}
    {%- set part = part or metric -%}
    {%- set columns = experiment_metrics.row_columns(metric, columns) -%}
    {%- set sources = [part.source] if part.source is mapping or part.source is string
        or part.source.identifier is defined else part.source -%}
    {%- set selects = [] -%}
    {%- for source in sources -%}
        {%- for name in columns.metric_name or [none] -%}
            {%- do selects.append(experiment_metrics.source_rows(
                part, source, span, dict(columns, metric_name=name) if name else columns
            ) | trim) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(selects | join('\nunion all\n')) -}}
{% endmacro %}


{% macro source_rows(part, source, span, columns) %}
{%- set read = experiment_metrics.metric_source(source, span) %}
select
    experiment_id,
    variation_id,
    unit_id,
    exposed_at,
    occurred_at
    {%- for name, expression in columns.items() %},
    {{ expression }} as {{ name }}
    {%- endfor %}
from {{ read.relation }}
    {%- set conditions = [read.condition, part.where and "(" ~ part.where ~ ")"] | select | list %}
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
            'metric_name': [
                experiment_metrics.string_literal(metric.name),
                experiment_metrics.breakdown_name(metric),
            ]
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
    {%- set value = experiment_metrics.to_text('(' ~ metric.breakdown ~ ')') -%}
    {%- set literals = [] -%}
    {%- for name in metric.breakdown_values -%}
        {%- do literals.append(experiment_metrics.string_literal(name)) -%}
    {%- endfor -%}
    {{- return(
        experiment_metrics.string_literal(metric.name ~ ': ') ~ " || case\n        when " ~ value ~ " in ("
        ~ literals | join(', ') ~ ") then " ~ value ~ "\n        else 'other'\n    end"
    ) -}}
{% endmacro %}


{#- What a metric reads for a source, and the condition of the rows that count: a dict of relation
    and condition. experiment_events and experiment_calls hold what lies in the experiment's window;
    for a span of its own a metric reads what they were filtered from. Any other source holds rows
    at any time, with is_in_window, as attribute_to_units makes them. -#}
{% macro metric_source(source, span) %}
    {%- set read = namespace(relation=source, condition='is_in_window') -%}
    {%- for pair in experiment_metrics.windowed_sources()
        if source | string == pair.windowed | string -%}
        {%- set read.relation = pair.unfiltered if span.is_own else source -%}
        {%- set read.condition = none -%}
    {%- endfor -%}
    {{- return({
        'relation': read.relation,
        'condition': experiment_metrics.in_span(span) if span.is_own else read.condition,
    }) -}}
{% endmacro %}


{#- The relations that hold only what lies in the experiment's window, each with the one that it was
    filtered from. In a unit test the given rows stand for both. -#}
{% macro windowed_sources() %}
    {%- set is_unit_test = model.resource_type == 'unit_test' -%}
    {%- set given = experiment_metrics.parent_names() if is_unit_test else [] -%}
    {%- set pairs = [] -%}
    {%- for windowed, unfiltered in [
        ('experiment_events', 'unit_events'), ('experiment_calls', 'unit_calls')
    ] -%}
        {%- if not is_unit_test or windowed in given -%}
            {%- do pairs.append({
                'windowed': ref('experiment_metrics', windowed),
                'unfiltered': ref('experiment_metrics', windowed if is_unit_test else unfiltered),
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(pairs) -}}
{% endmacro %}


{#- The names of the nodes that the one being compiled depends on. -#}
{% macro parent_names() %}
    {%- set names = [] -%}
    {%- for unique_id in model.depends_on.nodes -%}
        {%- do names.append(unique_id.split('.')[2]) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
