{#- The hours after exposure in which a metric's rows count, from its arguments: start_hours;
    end_hours, none for the experiment's own window or for no end; has_end; matures_hours, when a
    unit has been observed long enough, none for the end of the experiment's window. -#}
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
    {{- return({
        'start_hours': start,
        'end_hours': end_hours,
        'has_end': end is not string,
        'is_own': end is number or end is string or start > 0,
        'matures_hours': start if type == 'retention' and end_hours is none else end_hours,
        'can_mature': end is not string or type == 'retention',
    }) -}}
{% endmacro %}


{#- The condition that a row lies in a metric's span. -#}
{% macro in_span(span) %}
    {%- set start = add_hours('exposed_at', span.start_hours) if span.start_hours else 'exposed_at' -%}
    {%- if not span.has_end -%}
        {{- return("occurred_at >= " ~ start) -}}
    {%- endif -%}
    {%- set end = add_hours('exposed_at', span.end_hours) if span.end_hours is not none
        else 'window_ends_at' -%}
    {{- return("occurred_at between " ~ start ~ " and " ~ end) -}}
{% endmacro %}
