{#- A query that counts the rows of a door's model that are left out as they come: one row per reason,
    among them the further copies of a row where staging takes one of several with an id.
    door: text; model_name: text. -#}
{% macro rejected_rows(door, model_name) %}
    {%- set name = experiment_metrics.string_literal(experiment_metrics.source_name(model_name)) -%}
    {%- set delivered = "(" ~ experiment_metrics.delivered_rows(door, model_name) ~ ")" -%}
    {#- Calls as delivered have no id. -#}
    {%- set id = 'visitor_id' if door == 'calls' else experiment_metrics.door_id(door) -%}
select
    {{ name }} as source_name,
    rejection_reason as reason,
    count(*) as row_count,
    min({{ id }}) as example_id
from {{ delivered }} as delivered
where rejection_reason is not null
group by rejection_reason
    {%- if door != 'calls' and model_name in experiment_metrics.delivered_models() %}
        {%- set key = experiment_metrics.copy_key(model_name) %}
union all
select
    {{ name }} as source_name,
    'duplicate_id' as reason,
    sum(copy_count - 1) as row_count,
    min(example_id) as example_id
from (
    select
        {{ key | join(', ') }},
        min({{ id }}) as example_id,
        count(*) as copy_count
    from {{ delivered }} as delivered
    where rejection_reason is null
    group by {{ key | join(', ') }}
    having count(*) > 1
) as repeated
having count(*) > 0
    {%- endif %}
{% endmacro %}


{#- The columns by which a staging model of ours knows copies of a row. -#}
{% macro copy_key(model_name) %}
    {{- return({
        'stg_optimizely__decisions': ['exposure_id'],
        'stg_tables__exposures': ['experiment_id', 'exposure_id'],
    }.get(model_name, ['event_id'])) -}}
{% endmacro %}


{#- The rows of a door's model where they were delivered, before anything was done with them. -#}
{% macro raw_rows(model_name) %}
    {%- if model_name == 'stg_optimizely__decisions' -%}{{- return(source('optimizely', 'decisions')) -}}
    {%- elif model_name == 'stg_optimizely__events' -%}{{- return(source('optimizely', 'events')) -}}
    {%- elif model_name == 'stg_call_center__calls' -%}{{- return(experiment_metrics.raw_call_data()) -}}
    {%- elif model_name == 'stg_tables__exposures' -%}{{- return(experiment_metrics.plain_relation('exposures')) -}}
    {%- elif model_name == 'stg_tables__events' -%}{{- return(experiment_metrics.plain_relation('events')) -}}
    {%- endif -%}
    {{- return(ref(model_name)) -}}
{% endmacro %}
