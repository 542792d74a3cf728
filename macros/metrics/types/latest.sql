{#- The latest of a unit's values, known anew each day. -#}
{% macro metric_type__latest() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['cuped', 'cap'],
        'observe': experiment_metrics.observe_latest,
    }) -}}
{% endmacro %}


{% macro observe_latest(metric, span) %}
    {{- return(experiment_metrics.observe_edge(metric, span, 'desc', ['observed_date'])) -}}
{% endmacro %}
