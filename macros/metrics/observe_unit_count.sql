{#- Participation of units, rolled up in one of four ways. -#}
{% macro observe_unit_count(metric, span) -%}
{%- if metric.rollup == 'daily' -%}
    {{- observe_daily_share(metric, span) -}}
{%- elif metric.rollup == 'latest' -%}
    {{- observe_latest_state(metric, span) -}}
{%- else -%}
    {{- observe_aggregate(metric, span) -}}
{%- endif -%}
{%- endmacro %}


{#- The share of the days since exposure, the day of exposure and the as-of day included, on which a
    unit has a row. -#}
{% macro observe_daily_share(metric, span) -%}
with

metric_rows as (
    {{ metric_rows(metric, span, {'active_date': 'cast(occurred_at as date)'}) | trim | indent(4) }}
),

clock as (
    select * from {{ ref('analysis_clock') }}
),

active_days as (
    select
        metric_rows.experiment_id,
        metric_rows.variation_id,
        metric_rows.unit_id,
        count(distinct metric_rows.active_date) as active_day_count,
        min({{ days_between('metric_rows.exposed_at', 'clock.as_of_at') }}) + 1 as exposed_day_count
    from metric_rows
    cross join clock
    group by metric_rows.experiment_id, metric_rows.variation_id, metric_rows.unit_id
),

observed as (
    select
        {{- observation_columns(
            metric.name,
            'cast(active_day_count as ' ~ type_double() ~ ') / exposed_day_count'
        ) }}
    from active_days
)
{%- endmacro %}


{#- Whether a unit passes the filter on the last date on which anything is known of it: the date is
    taken over all its rows, the filter is tested after, and any passing row of that date counts. -#}
{% macro observe_latest_state(metric, span) -%}
{%- set is_passing = 'case when ' ~ metric.where ~ ' then 1 else 0 end' if metric.where else '1' -%}
with

metric_rows as (
    {{ metric_rows({'source': metric.source}, span, {
        'row_date': 'cast(occurred_at as date)',
        'is_passing': is_passing,
    }) | trim | indent(4) }}
),

last_dates as (
    select
        experiment_id,
        unit_id,
        max(row_date) as last_date
    from metric_rows
    group by experiment_id, unit_id
),

last_rows as (
    select
        metric_rows.experiment_id,
        metric_rows.variation_id,
        metric_rows.unit_id,
        metric_rows.is_passing
    from metric_rows
    inner join last_dates
        on
            metric_rows.experiment_id = last_dates.experiment_id
            and metric_rows.unit_id = last_dates.unit_id
            and metric_rows.row_date = last_dates.last_date
),

observed as (
    select
        {{- observation_columns(metric.name, 'max(is_passing)') }}
    from last_rows
    group by experiment_id, variation_id, unit_id
)
{%- endmacro %}
