{#- The largest of a unit's values. -#}
{% macro metric_type__max() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_max': 'max(row_value)'},
            'so_far': 'max(day_max) over history',
        },
    }) -}}
{% endmacro %}
