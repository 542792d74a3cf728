{#- The mean of a unit's values. -#}
{% macro metric_type__mean() %}
    {{- return({
        'arguments': {'value': 'required sql'},
        'allows': ['breakdown', 'cuped', 'cap'],
        'serves_as': ['unit value'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_sum': 'sum(row_value)', 'day_count': 'count(row_value)'},
            'so_far': 'cast(sum(day_sum) over history as ' ~ experiment_metrics.type_double() ~ ')'
                ~ '\n        / nullif(sum(day_count) over history, 0)',
        },
    }) -}}
{% endmacro %}
