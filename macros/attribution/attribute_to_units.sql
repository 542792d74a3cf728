{% macro attribute_to_units(relation, key, columns) %}
    {%- do experiment_metrics.check_outcome_key(relation, key) -%}
    {{- experiment_metrics.attributed_rows(relation, key, columns) -}}
{% endmacro %}


{#- The query of attribute_to_units, for a relation whose key is tested otherwise. -#}
{% macro attributed_rows(relation, key, columns) %}
with

units as (
    select * from {{ ref('experiment_metrics', 'experiment_units') }}
),

source_rows as (
    select * from {{ relation }}
),

clock as (
    select * from {{ ref('experiment_metrics', 'analysis_clock') }}
),

attributed as (
    select
        units.experiment_id,
        units.experiment_name,
        units.variation_id,
        units.variation_name,
        units.unit_id,
        units.exposed_at,
        units.window_ends_at,
        {%- for column in experiment_metrics.key_columns(key) %}
        source_rows.{{ column }},
        {%- endfor %}
        source_rows.occurred_at,
        {%- for column in columns %}
        source_rows.{{ column }},
        {%- endfor %}
        {{ experiment_metrics.in_window(
            'source_rows.occurred_at', 'units.exposed_at', 'units.window_ends_at'
        ) }} as is_in_window
    from source_rows
    inner join units on source_rows.visitor_id = units.visitor_id
    cross join clock
    where
        source_rows.occurred_at <= clock.as_of_at
        and (units.next_exposed_at is null or source_rows.occurred_at < units.next_exposed_at)
)

select * from attributed
{% endmacro %}
