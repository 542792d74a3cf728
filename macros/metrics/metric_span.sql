{#- The hours after exposure in which a metric's rows count, from its arguments: start_hours;
    end_hours, none for the experiment's own window or for no end; has_end; matures_hours, when a
    unit has been observed long enough, none for the end of the experiment's window;
    lookback_hours, how far before the exposure the rows of its covariate go, 0 without one. -#}
{% macro metric_span(arguments) %}
    {%- set type, rollup = arguments.type, arguments.rollup -%}
    {%- set start = arguments.delay_hours or 0 -%}
    {%- set end = arguments.window_hours -%}
    {%- if arguments.window_days -%}
        {%- set end = arguments.window_days if arguments.window_days is string
            else arguments.window_days * 24 -%}
    {%- endif -%}
    {%- if type == 'unit_count' and rollup == 'window' -%}
        {%- set start, end = arguments.start_day * 24, arguments.end_day * 24 -%}
    {%- elif type == 'unit_count' -%}
        {%- set end = 'none' -%}
    {%- elif type == 'retention' -%}
        {%- set start = arguments.from_day * 24 -%}
        {%- set end = arguments.to_day * 24 if arguments.to_day is number else 'none' -%}
    {%- endif -%}
    {%- set end_hours = end if end is number else none -%}
    {%- set lookback = 24 * (arguments.cuped_days or 14) if arguments.cuped else 0 -%}
    {{- return({
        'start_hours': start,
        'end_hours': end_hours,
        'has_end': end is not string,
        'lookback_hours': lookback,
        'is_own': end is number or end is string or start > 0 or lookback > 0,
        'matures_hours': start if type == 'retention' and end_hours is none else end_hours,
        'can_mature': end is not string or type == 'retention',
    }) -}}
{% endmacro %}


{#- The condition that a row lies in a metric's span, or in the time before it that its covariate
    takes. -#}
{% macro in_span(span) %}
    {%- set start = experiment_metrics.add_hours('exposed_at', span.start_hours) if span.start_hours else 'exposed_at' -%}
    {%- set end = experiment_metrics.add_hours('exposed_at', span.end_hours) if span.end_hours is not none
        else 'window_ends_at' -%}
    {%- set condition = "occurred_at between " ~ start ~ " and " ~ end if span.has_end
        else "occurred_at >= " ~ start -%}
    {%- if span.lookback_hours -%}
        {{- return(
            "(\n        " ~ condition ~ "\n        or (\n            occurred_at >= "
            ~ experiment_metrics.add_hours('exposed_at', -span.lookback_hours)
            ~ "\n            and occurred_at < exposed_at\n        )\n    )"
        ) -}}
    {%- endif -%}
    {{- return(condition) -}}
{% endmacro %}
