{#- A numerator and a denominator per unit, each an aggregate of rows of its own. A unit has a row if
    it has either; what it lacks is 0. -#}
{% macro observe_ratio(metric, span) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
with

{% for name in ['numerator', 'denominator'] -%}
{%- set part = metric[name] -%}
{%- set part = dict(part, source=part.source or metric.source) -%}
{%- set columns = {'row_value': part.value} if part.value else {} -%}
{{ name }}_rows as (
    {{ experiment_metrics.metric_rows(part, span, experiment_metrics.row_columns(metric, columns)) | trim | indent(4) }}
),

{{ experiment_metrics.part_changes(metric, name) }}

{% endfor -%}

days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        sum(numerator) as day_numerator,
        sum(denominator) as day_denominator
    from (
        select
            {{ keys | join(',\n            ') }},
            observed_date,
            numerator,
            0 as denominator
        from numerators
        union all
        select
            {{ keys | join(',\n            ') }},
            observed_date,
            0 as numerator,
            denominator
        from denominators
    ) as parts
    group by {{ keys | join(', ') }}, observed_date
),

observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric,
            'sum(day_numerator) over history',
            'sum(day_denominator) over history'
        ) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endmacro %}


{#- CTEs that end in numerators or denominators: by how much each day changes the part. -#}
{% macro part_changes(metric, name) %}
{%- set part, keys = metric[name], experiment_metrics.unit_keys(metric) -%}
{%- if part.type == 'conversion' -%}
{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        min(observed_date) as observed_date,
        1 as {{ name }}
    from {{ name }}_rows
    group by {{ keys | join(', ') }}
),
{%- elif part.type == 'count_distinct' -%}
{{ name }}_first_seen as (
    select
        {{ keys | join(',\n        ') }},
        row_value,
        min(observed_date) as observed_date
    from {{ name }}_rows
    group by {{ keys | join(', ') }}, row_value
),

{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        count(row_value) as {{ name }}
    from {{ name }}_first_seen
    group by {{ keys | join(', ') }}, observed_date
),
{%- elif part.type == 'threshold' -%}
{{ name }}_days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        sum(row_value) as day_sum
    from {{ name }}_rows
    group by {{ keys | join(', ') }}, observed_date
),

{{ name }}_history as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        {{ experiment_metrics.running_aggregate(part) }} as is_reached
    from {{ name }}_days
    {{ experiment_metrics.history_window(metric) }}
),

{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        is_reached - lag(is_reached, 1, 0) over history as {{ name }}
    from {{ name }}_history
    {{ experiment_metrics.history_window(metric) }}
),
{%- else -%}
{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        {{ experiment_metrics.day_aggregates(part, 'row_value').values() | first }} as {{ name }}
    from {{ name }}_rows
    group by {{ keys | join(', ') }}, observed_date
),
{%- endif -%}
{% endmacro %}
