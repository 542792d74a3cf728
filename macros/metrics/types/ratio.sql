{#- A numerator and a denominator per unit, each an aggregate of rows of its own. A unit has a row
    if it has either; what it lacks is 0. -#}
{% macro metric_type__ratio() %}
    {{- return({
        'arguments': {
            'numerator': 'required part',
            'denominator': 'required part',
            'zero_denominator': ['keep', 'drop'],
        },
        'parts': ['numerator', 'denominator'],
        'allows': ['cuped', 'cap'],
        'check': experiment_metrics.check_ratio,
        'facts': experiment_metrics.ratio_facts,
        'observe': experiment_metrics.observe_ratio,
    }) -}}
{% endmacro %}


{% macro check_ratio(arguments) %}
    {% if arguments.default_value %}
        {% do experiment_metrics.metric_error("'default_value' of a ratio must be 0 or none.") %}
    {% endif %}
{% endmacro %}


{% macro ratio_facts(metric) %}
    {{- return({'is_ratio': true, 'drops_zero_denominator': metric.zero_denominator == 'drop'}) -}}
{% endmacro %}


{% macro observe_ratio(metric, span) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
with

{% for name in ['numerator', 'denominator'] -%}
{%- set part = dict(metric[name], source=metric[name].source or metric.source) -%}
{%- set columns = {'row_value': part.value} if part.value else {} -%}
{{ name }}_rows as (
    {{ experiment_metrics.metric_rows(metric, span, columns, part) | indent(4) }}
),

{{ experiment_metrics.part_changes(metric, part, name) }}

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


{#- CTEs that end in numerators or denominators: by how much each day changes the part. Where that
    is not what the day comes to, it is the difference to the day before. -#}
{% macro part_changes(metric, part, name) %}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
{%- set aggregate = experiment_metrics.metric_types()[part.type].aggregate -%}
{%- if aggregate.once -%}
{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        min(observed_date) as observed_date,
        {{ aggregate.once }} as {{ name }}
    from {{ name }}_rows
    group by {{ keys | join(', ') }}
),
{%- elif aggregate.adds_up -%}
{{ experiment_metrics.aggregated_days(
    metric, aggregate, name ~ '_rows', name ~ '_first_seen', name ~ 's', name
) }}
{%- else -%}
{{ experiment_metrics.aggregated_days(
    metric, aggregate, name ~ '_rows', name ~ '_first_seen', name ~ '_days'
) }}

{{ name }}_history as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        {{ experiment_metrics.so_far(part, aggregate) }} as is_reached
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
{%- endif -%}
{% endmacro %}
