{#- The sum of a unit's values. -#}
{% macro metric_type__sum() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['part', 'unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_sum': 'sum(row_value)'},
            'so_far': 'sum(day_sum) over history',
            'adds_up': true,
        },
    }) -}}
{% endmacro %}
