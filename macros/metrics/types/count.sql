{#- The number of a unit's rows. -#}
{% macro metric_type__count() %}
    {{- return({
        'usual_unit': 'count',
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['part', 'unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_count': 'count(*)'},
            'so_far': 'sum(day_count) over history',
            'adds_up': true,
        },
    }) -}}
{% endmacro %}
