{#- Types whose observation is one aggregate of a unit's rows: what each day adds, and from it the
    observation as of each day on which the unit had rows. -#}
{% macro observe_aggregate(metric, span) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
{%- set day = experiment_metrics.day_aggregates(metric, 'row_value') -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, experiment_metrics.row_columns(metric, {'row_value': metric.value} if metric.value else {}))
        | trim | indent(4) }}
),

{% if day is none -%}
-- The first day says it all.
observed as (
    select
        {{- experiment_metrics.observation_columns(metric, experiment_metrics.first_day_aggregate(metric), date='min(observed_date)') }}
    from metric_rows
    group by {{ keys | join(', ') }}
)
{%- else -%}
{%- if experiment_metrics.aggregate_type(metric) == 'count_distinct' -%}
first_seen as (
    select
        {{ keys | join(',\n        ') }},
        row_value,
        min(observed_date) as observed_date
    from metric_rows
    group by {{ keys | join(', ') }}, row_value
),

{% endif -%}
days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date
        {%- for name, aggregate in day.items() %},
        {{ aggregate }} as {{ name }}
        {%- endfor %}
    from {{ 'first_seen' if experiment_metrics.aggregate_type(metric) == 'count_distinct' else 'metric_rows' }}
    group by {{ keys | join(', ') }}, observed_date
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, experiment_metrics.running_aggregate(metric)) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endif -%}
{%- endmacro %}


{#- The aggregate of the rows from which a unit has its observation once and for all, for types whose
    later rows change nothing; none for the others. -#}
{% macro first_day_aggregate(metric) %}
    {{- return('min(' ~ experiment_metrics.hours_between('exposed_at', 'occurred_at') ~ ')'
        if metric.type == 'time_to' else '1') -}}
{% endmacro %}


{#- What a unit's rows of one day come to, as aggregates by name; none for types whose first day says
    it all. value: text, the column that holds the rows' values. -#}
{% macro day_aggregates(part, value) %}
    {{- return({
        'count': {'day_count': 'count(*)'},
        'sum': {'day_sum': 'sum(' ~ value ~ ')'},
        'mean': {'day_sum': 'sum(' ~ value ~ ')', 'day_count': 'count(' ~ value ~ ')'},
        'min': {'day_min': 'min(' ~ value ~ ')'},
        'max': {'day_max': 'max(' ~ value ~ ')'},
        'count_distinct': {'day_count': 'count(' ~ value ~ ')'},
        'threshold': {'day_sum': 'sum(' ~ value ~ ')'},
    }.get(experiment_metrics.aggregate_type(part))) -}}
{% endmacro %}


{#- The observation as of a day, from what that day and those before it come to. -#}
{% macro running_aggregate(part) %}
    {%- set day_sum = 'sum(day_sum) over history' -%}
    {{- return({
        'count': 'sum(day_count) over history',
        'sum': day_sum,
        'mean': 'cast(' ~ day_sum ~ ' as ' ~ experiment_metrics.type_double() ~ ')'
            ~ '\n        / nullif(sum(day_count) over history, 0)',
        'min': 'min(day_min) over history',
        'max': 'max(day_max) over history',
        'count_distinct': 'sum(day_count) over history',
        'threshold': 'case when ' ~ day_sum ~ ' >= ' ~ part.threshold ~ ' then 1 else 0 end',
    }[experiment_metrics.aggregate_type(part)]) -}}
{% endmacro %}


{#- The type by which a metric's rows are aggregated: its own, but for a quantile, whose units have
    values of another type. -#}
{% macro aggregate_type(metric) %}
    {%- if metric.type == 'quantile' -%}
        {{- return('mean' if metric.of == 'events' else metric.unit_value or 'sum') -}}
    {%- endif -%}
    {{- return(metric.type) -}}
{% endmacro %}


{#- The window of a unit's days up to each. -#}
{% macro history_window(metric) %}
    {{- return(
        "window history as (\n        partition by " ~ experiment_metrics.unit_keys(metric) | join(', ')
        ~ "\n        order by observed_date\n    )"
    ) -}}
{% endmacro %}
