{#- Whether a unit came back in certain days after its exposure. It counts once these days are over,
    or have begun where they have no end. -#}
{% macro metric_type__retention() %}
    {{- return({
        'unit': 'share',
        'arguments': {'from_day': 'required day', 'to_day': 'day'},
        'check': experiment_metrics.check_retention,
        'window': experiment_metrics.retention_window,
        'facts': experiment_metrics.retention_facts,
        'observe': experiment_metrics.observe_aggregate,
        'aggregate': {'once': '1'},
    }) -}}
{% endmacro %}


{% macro check_retention(arguments) %}
    {%- do experiment_metrics.check_day_order(arguments, 'from_day', 'to_day') -%}
{% endmacro %}


{% macro retention_window(metric) %}
    {%- set start = metric.from_day * 24 -%}
    {%- if metric.to_day is not number -%}
        {{- return({'start': start, 'end': 'none', 'matures': start}) -}}
    {%- endif -%}
    {{- return(experiment_metrics.hours_of_days(metric.from_day, metric.to_day)) -}}
{% endmacro %}


{% macro retention_facts(metric) %}
    {{- return({'is_mature_only': true}) -}}
{% endmacro %}
