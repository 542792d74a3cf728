{#- When a row happened, by its own clock; when it was processed, where that was more than the var
    clock_tolerance_hours earlier: then its own clock is wrong. Reads processed_at.
    occurred_at: text, the column of its own clock. -#}
{% macro credible_time(occurred_at) %}
    {{- return(
        "case when " ~ experiment_metrics.hours_between('processed_at', occurred_at) ~ " > " ~ var('clock_tolerance_hours')
        ~ " then processed_at else " ~ occurred_at ~ " end"
    ) -}}
{% endmacro %}
