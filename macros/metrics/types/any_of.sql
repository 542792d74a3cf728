{#- Whether a unit fulfils any of several conditions. -#}
{% macro metric_type__any_of() %}
    {{- return({
        'unit': 'share',
        'arguments': {'conditions': 'required steps'},
        'parts': ['conditions'],
        'allows': ['cuped'],
        'observe': experiment_metrics.observe_any_of,
    }) -}}
{% endmacro %}


{% macro observe_any_of(metric, span) %}
    {{- return(experiment_metrics.observe_combination(metric, span, 1)) -}}
{% endmacro %}
