{#- Participation of units, rolled up in one of four ways. -#}
{% macro metric_type__unit_count() %}
    {{- return({
        'unit': 'share',
        'arguments': {
            'rollup': ['one_time', 'daily', 'latest', 'window'],
            'start_day': 'day',
            'end_day': 'day',
        },
        'allows': ['cuped'],
        'check': experiment_metrics.check_unit_count,
        'window': experiment_metrics.unit_count_window,
        'facts': experiment_metrics.unit_count_facts,
        'observe': experiment_metrics.observe_unit_count,
        'aggregate': {'once': '1'},
    }) -}}
{% endmacro %}


{% macro check_unit_count(arguments) %}
    {% set rollup = arguments.rollup %}
    {% if not rollup %}
        {% do experiment_metrics.metric_error(
            "'rollup' is missing: one of "
            ~ experiment_metrics.own_arguments('unit_count').rollup | join(', ') ~ "."
        ) %}
    {% elif rollup == 'daily' and arguments.default_value %}
        {% do experiment_metrics.metric_error(
            "'default_value' of the rollup daily must be 0 or none."
        ) %}
    {% elif rollup in ['daily', 'latest'] and arguments.cuped %}
        {% do experiment_metrics.metric_error("'cuped' is not for the rollup " ~ rollup ~ ".") %}
    {% endif %}
    {% for day in ['start_day', 'end_day'] %}
        {% if rollup == 'window' and arguments.get(day) is none %}
            {% do experiment_metrics.metric_error("the rollup window needs '" ~ day ~ "'.") %}
        {% elif rollup != 'window' and arguments.get(day) is not none %}
            {% do experiment_metrics.metric_error("'" ~ day ~ "' is for the rollup window only.") %}
        {% endif %}
    {% endfor %}
    {% do experiment_metrics.check_day_order(arguments, 'start_day', 'end_day') %}
{% endmacro %}


{% macro unit_count_window(metric) %}
    {%- if metric.rollup == 'window' -%}
        {{- return(experiment_metrics.hours_of_days(metric.start_day, metric.end_day)) -}}
    {%- endif -%}
    {{- return({'start': 0, 'end': 'none'}) -}}
{% endmacro %}


{% macro unit_count_facts(metric) %}
    {{- return({'rollup_method': metric.rollup, 'is_per_exposed_day': metric.rollup == 'daily'}) -}}
{% endmacro %}


{% macro observe_unit_count(metric, span) -%}
{%- if metric.rollup == 'daily' -%}
    {{- experiment_metrics.observe_active_days(metric, span) -}}
{%- elif metric.rollup == 'latest' -%}
    {{- experiment_metrics.observe_latest_state(metric, span) -}}
{%- else -%}
    {{- experiment_metrics.observe_aggregate(metric, span) -}}
{%- endif -%}
{%- endmacro %}


{#- The days on which a unit has a row. Its share of the days since exposure changes every day;
    filled_observations makes it. -#}
{% macro observe_active_days(metric, span) -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span) | indent(4) }}
),

active_days as (
    select distinct
        {{ experiment_metrics.unit_keys(metric) | join(',\n        ') }},
        observed_date
    from metric_rows
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, 'count(*) over history') }}
    from active_days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endmacro %}


{#- Whether a unit passes the filter on the last date on which anything is known of it: the date is
    taken over all its rows, the filter is tested after, and any passing row of that date counts.
    -#}
{% macro observe_latest_state(metric, span) -%}
{%- set is_passing = '1' if not metric.where
    else 'case when (' ~ metric.where ~ ') then 1 else 0 end' -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(
        metric, span, {'is_passing': is_passing}, {'source': metric.source}
    ) | indent(4) }}
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, 'max(is_passing)') }}
    from metric_rows
    group by {{ experiment_metrics.unit_keys(metric) | join(', ') }}, observed_date
)
{%- endmacro %}
