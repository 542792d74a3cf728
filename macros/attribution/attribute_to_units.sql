{#- Everything that units did, from any relation with a visitor id and a time: one row per unit and
    row of the relation, at any time up to the as-of time, marked where it is inside the
    experiment's attribution window (both ends included). A visitor in several experiments has its
    rows in each. Where sessions are the units, a row belongs to the visitor's session that was exposed
    last before it.
    relation: the rows, with visitor_id and occurred_at; key: text, their key column;
    columns: list of text, what else to carry. -#}
{% macro attribute_to_units(relation, key, columns) %}
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
        source_rows.{{ key }},
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
