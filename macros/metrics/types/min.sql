{#- The smallest of a unit's values. -#}
{% macro metric_type__min() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_min': 'min(row_value)'},
            'so_far': 'min(day_min) over history',
        },
    }) -}}
{% endmacro %}
