{#- The first of a unit's values. -#}
{% macro metric_type__first() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['cuped', 'cap'],
        'observe': experiment_metrics.observe_first,
    }) -}}
{% endmacro %}


{% macro observe_first(metric, span) %}
    {{- return(experiment_metrics.observe_edge(metric, span, 'asc')) -}}
{% endmacro %}
