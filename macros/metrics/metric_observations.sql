{#- The body of a metric's model: one row per unit that has data, with its observation. The arguments
    are documented in _metrics__macros.yml and in docs/metrics.md. They are checked when the model
    is compiled for its run, not when the project is parsed, so that a mistake fails this metric's
    file by name. -#}
{% macro metric_observations(
    name=none,
    type=none,
    source=none,
    where=none,
    value=none,
    window_hours=none,
    default_value=0,
    direction='increase',
    is_guardrail=false,
    unit=none,
    owner=none,
    description=none
) %}
{%- set metric = {
    'name': name,
    'type': type,
    'where': where,
    'value': value,
    'window_hours': window_hours,
    'default_value': default_value,
    'direction': direction,
    'is_guardrail': is_guardrail,
    'unit': unit,
    'owner': owner,
    'description': description,
} -%}
{{- config(meta={'metric': metric}) -}}
{%- if execute -%}
    {%- do check_metric(metric, source, kwargs) -%}
{%- endif -%}
with

source_rows as (
    select * from {{ metric_source(source, window_hours) }}
),

{% if window_hours is none -%}
filtered as (
    select * from source_rows
    {%- if where %}
    where {{ where }}
    {%- endif %}
),
{%- else -%}
filtered as (
    select * from source_rows
    where
        occurred_at between exposed_at and {{ add_hours('exposed_at', window_hours) }}
        {%- if where %}
        and ({{ where }})
        {%- endif %}
),
{%- endif %}

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        {{ string_literal(name) }} as metric_name,
        cast({{ observation_aggregate(type, value) }} as {{ type_double() }}) as observation,
        cast(null as {{ type_double() }}) as denominator
    from filtered
    group by experiment_id, variation_id, unit_id
)

select * from observed
{% endmacro %}


{#- The SQL aggregate that makes one unit's rows into its observation. -#}
{% macro observation_aggregate(type, value) %}
    {{- return({
        'conversion': '1',
        'count': 'count(*)',
        'sum': 'sum(' ~ value ~ ')',
    }.get(type)) -}}
{% endmacro %}


{#- The relation that a metric reads. experiment_events and experiment_calls hold the experiment's own
    window; a metric with a window of its own reads what they were filtered from, which holds all
    rows of each unit. Their order of building is safe: those models are the parents of these. -#}
{% macro metric_source(source, window_hours) %}
    {%- set unfiltered = {'experiment_events': 'unit_events', 'experiment_calls': 'unit_calls'} -%}
    {%- if window_hours is not none and source.identifier in unfiltered -%}
        {{- return(api.Relation.create(
            database=source.database,
            schema=source.schema,
            identifier=unfiltered[source.identifier]
        )) -}}
    {%- endif -%}
    {{- return(source) -}}
{% endmacro %}
