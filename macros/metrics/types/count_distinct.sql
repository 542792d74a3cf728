{#- The number of different values of a unit. -#}
{% macro metric_type__count_distinct() %}
    {{- return({
        'usual_unit': 'count',
        'arguments': {'value': 'required sql'},
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['part', 'unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'is_distinct': true,
            'of_day': {'day_count': 'count(row_value)'},
            'so_far': 'sum(day_count) over history',
            'adds_up': true,
        },
    }) -}}
{% endmacro %}
