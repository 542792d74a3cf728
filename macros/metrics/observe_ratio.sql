{#- A numerator and a denominator per unit, each an aggregate of rows of its own. A unit has a row if
    it has either; what it lacks is 0. -#}
{% macro observe_ratio(metric, span) -%}
with

{% for name in ['numerator', 'denominator'] -%}
{%- set part = metric[name] -%}
{%- set part = dict(part, source=part.source or metric.source) -%}
{{ name }}_rows as (
    {{ metric_rows(part, span, {'row_value': part.value} if part.value else {}) | trim | indent(4) }}
),

{{ name }}s as (
    select
        experiment_id,
        variation_id,
        unit_id,
        {{ aggregate_of(part, 'row_value') }} as {{ name }}
    from {{ name }}_rows
    group by experiment_id, variation_id, unit_id
),

{% endfor -%}

parts as (
    select
        experiment_id,
        variation_id,
        unit_id,
        numerator,
        0 as denominator
    from numerators
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        0 as numerator,
        denominator
    from denominators
),

observed as (
    select
        {{- observation_columns(metric.name, 'sum(numerator)', 'sum(denominator)') }}
    from parts
    group by experiment_id, variation_id, unit_id
)
{%- endmacro %}
