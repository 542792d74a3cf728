{#- For types whose observation is one aggregate of a unit's rows: what each day adds, and from it
    the observation as of each day on which the unit had rows. aggregate: dict, by default that of
    the metric's type, of

    once         SQL of all rows, where the first day settles it and later ones change nothing; or
    of_day       what the rows of one day come to, as aggregates of row_value by name
    is_distinct  whether each row_value counts once, on its first day; null and blank are no values
    so_far       the observation as of a day, of what that day and those before it come to; it may
                 name arguments of the metric in braces
    adds_up      whether it is a sum of what each day comes to
    -#}
{% macro observe_aggregate(metric, span, aggregate=none) -%}
{%- set aggregate = aggregate or experiment_metrics.metric_types()[metric.type].aggregate -%}
{%- set columns = {'row_value': metric.value} if metric.value else {} -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, columns) | indent(4) }}
),

{% if aggregate.once -%}
-- The first day says it all.
observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric, aggregate.once, date='min(observed_date)'
        ) }}
    from metric_rows
    group by {{ experiment_metrics.unit_keys(metric) | join(', ') }}
)
{%- else -%}
{{ experiment_metrics.aggregated_days(metric, aggregate) }}

observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric, experiment_metrics.so_far(metric, aggregate)
        ) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endif -%}
{%- endmacro %}


{#- CTEs of which the last is a unit's days, with what the rows of each come to, see
    observe_aggregate. rows, first_seen, days: text, the names of the CTE that it reads and of those
    that it makes; name: text, what to call the only aggregate, by default as it is called. -#}
{% macro aggregated_days(
    metric, aggregate, rows='metric_rows', first_seen='first_seen', days='days', name=none
) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
{%- if aggregate.is_distinct -%}
{{ first_seen }} as (
    select
        {{ keys | join(',\n        ') }},
        row_value,
        min(observed_date) as observed_date
    from {{ rows }}
    group by {{ keys | join(', ') }}, row_value
    having not {{ experiment_metrics.is_blank(experiment_metrics.to_text('row_value')) }}
),

{% endif -%}
{{ days }} as (
    select
        {{ keys | join(',\n        ') }},
        observed_date
        {%- for own_name, sql in aggregate.of_day.items() %},
        {{ sql }} as {{ name or own_name }}
        {%- endfor %}
    from {{ first_seen if aggregate.is_distinct else rows }}
    group by {{ keys | join(', ') }}, observed_date
),
{%- endmacro %}


{#- The observation as of a day, as SQL over the window history of a unit's days. -#}
{% macro so_far(metric, aggregate) %}
    {{- return(aggregate.so_far.format(**metric)) -}}
{% endmacro %}


{#- The window of a unit's days up to each. -#}
{% macro history_window(metric) %}
    {{- return(
        "window history as (\n        partition by " ~ experiment_metrics.unit_keys(metric) | join(', ')
        ~ "\n        order by observed_date\n    )"
    ) -}}
{% endmacro %}
