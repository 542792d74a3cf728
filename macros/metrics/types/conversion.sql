{#- Whether a unit has a row. -#}
{% macro metric_type__conversion() %}
    {{- return({
        'unit': 'share',
        'allows': ['breakdown', 'cuped'],
        'serves_as': ['part'],
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {'once': '1'},
    }) -}}
{% endmacro %}
