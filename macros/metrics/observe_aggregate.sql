{#- Types whose observation is one aggregate of a unit's rows. -#}
{% macro observe_aggregate(metric, span) -%}
with

metric_rows as (
    {{ metric_rows(metric, span, {'row_value': metric.value} if metric.value else {}) | trim | indent(4) }}
),

observed as (
    select
        {{- observation_columns(metric.name, aggregate_of(metric, 'row_value')) }}
    from metric_rows
    group by experiment_id, variation_id, unit_id
)
{%- endmacro %}


{#- The SQL aggregate that makes a unit's rows into its value. value: text, the column that holds
    the rows' values. -#}
{% macro aggregate_of(part, value) %}
    {{- return({
        'conversion': '1',
        'retention': '1',
        'unit_count': '1',
        'count': 'count(*)',
        'sum': 'sum(' ~ value ~ ')',
        'mean': 'avg(' ~ value ~ ')',
        'min': 'min(' ~ value ~ ')',
        'max': 'max(' ~ value ~ ')',
        'count_distinct': 'count(distinct ' ~ value ~ ')',
        'threshold': 'case when sum(' ~ value ~ ') >= ' ~ part.threshold ~ ' then 1 else 0 end',
        'time_to': 'min(' ~ hours_between('exposed_at', 'occurred_at') ~ ')',
    }.get(part.type)) -}}
{% endmacro %}


{#- The first or the latest value; at one instant the smallest is first and the largest latest. -#}
{% macro observe_edge(metric, span) -%}
{%- set direction = 'desc' if metric.type == 'latest' else 'asc' -%}
with

metric_rows as (
    {{ metric_rows(metric, span, {'row_value': metric.value}) | trim | indent(4) }}
),

ranked as (
    select
        experiment_id,
        variation_id,
        unit_id,
        row_value,
        row_number() over (
            partition by experiment_id, unit_id
            order by occurred_at {{ direction }}, row_value {{ direction }}
        ) as row_rank
    from metric_rows
    where row_value is not null
),

observed as (
    select
        {{- observation_columns(metric.name, 'row_value') }}
    from ranked
    where row_rank = 1
)
{%- endmacro %}
