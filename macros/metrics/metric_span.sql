{#- The hours after exposure in which a metric's rows count, from its definition: start_hours;
    end_hours, none for the experiment's own window or for no end; has_end; is_own, whether it is
    not just the experiment's window; matures_hours, when a unit has been observed long enough, none
    for the end of the experiment's window; can_mature, whether it ever has; lookback_hours, how far
    before the exposure the rows of its covariate go, 0 without one. -#}
{% macro metric_span(metric) %}
    {%- set type = experiment_metrics.metric_types()[metric.type] -%}
    {%- set window = (type.window or experiment_metrics.given_window)(metric) -%}
    {%- set end_hours = window.end if window.end is number else none -%}
    {%- set has_end = window.end is not string -%}
    {%- set lookback = 24 * (metric.cuped_days or 14) if metric.cuped else 0 -%}
    {{- return({
        'start_hours': window.start,
        'end_hours': end_hours,
        'has_end': has_end,
        'lookback_hours': lookback,
        'is_own': window.end is not none or window.start > 0 or lookback > 0,
        'matures_hours': window.get('matures', end_hours),
        'can_mature': has_end or 'matures' in window,
    }) -}}
{% endmacro %}


{#- The window that the arguments window_hours, window_days and delay_hours give: start, in hours
    after the exposure; end, the same, or 'none' for no end, or none for that of the experiment's
    window. The windows of types are like it, and may have matures, the hours after which a unit
    counts though there is no end. -#}
{% macro given_window(metric) %}
    {%- set days = metric.get('window_days') -%}
    {%- set end = days * 24 if days is number else days or metric.get('window_hours') -%}
    {{- return({'start': metric.get('delay_hours') or 0, 'end': end}) -}}
{% endmacro %}


{#- The hours after the exposure, start and end, of days in a row: from the beginning of the first to that
    of the last. A day alone, which is first and last, has its 24 hours. -#}
{% macro hours_of_days(first, last) %}
    {{- return({'start': first * 24, 'end': (last if last > first else first + 1) * 24}) -}}
{% endmacro %}


{#- The condition that a row lies in a metric's span, or in the time before it that its covariate
    takes. -#}
{% macro in_span(span) %}
    {%- set start = 'exposed_at' if not span.start_hours
        else experiment_metrics.add_hours('exposed_at', span.start_hours) -%}
    {%- set end = none if not span.has_end
        else 'window_ends_at' if span.end_hours is none
        else experiment_metrics.add_hours('exposed_at', span.end_hours) -%}
    {%- set condition = experiment_metrics.in_window('occurred_at', start, end) -%}
    {%- if span.lookback_hours -%}
        {{- return(
            "(\n        " ~ condition ~ "\n        or (\n            occurred_at >= "
            ~ experiment_metrics.add_hours('exposed_at', -span.lookback_hours)
            ~ "\n            and occurred_at < exposed_at\n        )\n    )"
        ) -}}
    {%- endif -%}
    {{- return(condition) -}}
{% endmacro %}
