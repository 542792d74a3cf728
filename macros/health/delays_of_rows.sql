{#- Columns that count the rows of a group by how long after they happened they were processed:
    those for which both times are known, the late ones, and those processed before they happened.
    occurred_at: text, when they happened. -#}
{% macro delays_of_rows(occurred_at) %}
    {%- set delay = experiment_metrics.hours_between(occurred_at, 'processed_at') -%}
        count(processed_at) as processed_row_count,
        count(case when {{ delay }} > {{ var('late_after_hours') }} then 1 end) as late_row_count,
        count(case when -{{ delay }} > {{ var('clock_tolerance_hours') }} then 1 end)
            as future_row_count
{%- endmacro %}
