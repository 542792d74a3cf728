{#- The hours from the exposure to a unit's first row. A unit without one has no time. -#}
{% macro metric_type__time_to() %}
    {{- return({
        'unit': 'hours',
        'allows': ['cap'],
        'facts': experiment_metrics.time_to_facts,
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'once': 'min(' ~ experiment_metrics.hours_between('exposed_at', 'occurred_at') ~ ')',
        },
    }) -}}
{% endmacro %}


{% macro time_to_facts(metric) %}
    {{- return({'default_value': none}) -}}
{% endmacro %}
