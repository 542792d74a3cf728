{#- Whether a unit fulfils all of several conditions, in any order. -#}
{% macro metric_type__all_of() %}
    {{- return({
        'unit': 'share',
        'arguments': {'conditions': 'required steps'},
        'parts': ['conditions'],
        'allows': ['cuped'],
        'observe': experiment_metrics.observe_all_of,
    }) -}}
{% endmacro %}


{% macro observe_all_of(metric, span) %}
    {{- return(experiment_metrics.observe_combination(metric, span, metric.conditions | length)) -}}
{% endmacro %}
