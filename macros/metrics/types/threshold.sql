{#- Whether the sum of a unit's values reaches a limit. -#}
{% macro metric_type__threshold() %}
    {{- return({
        'unit': 'share',
        'arguments': {'value': 'required sql', 'threshold': 'required number'},
        'allows': ['breakdown', 'cuped'],
        'serves_as': ['part'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {
            'of_day': {'day_sum': 'sum(row_value)'},
            'so_far': 'case when sum(day_sum) over history >= {threshold} then 1 else 0 end',
        },
    }) -}}
{% endmacro %}
