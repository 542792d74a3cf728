{#- A UTC timestamp from a timestamp, a timestamp with zone, a text with or without an offset, or epoch
    milliseconds; null if it is none of these, or outside the era in which there are experiments. Without a
    zone or offset it is UTC, the session's. -#}
{% macro to_timestamp(expression) %}
    {{- return(adapter.dispatch('to_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- The time from which, and the one before which, a row may be. A number in another unit than milliseconds lies
    outside, read as whatever it is, and so does what stands for no time, such as 1900-01-01. -#}
{% macro era() %}
    {{- return({
        'starts_at': '1990-01-01', 'starts_ms': 631152000000, 'ends_at': '2100-01-01', 'ends_ms': 4102444800000,
    }) -}}
{% endmacro %}


{#- A UTC timestamp from text of the form 9/15/2020 23:00:00 (month first, four digits of the year); null if it
    isn't. -#}
{% macro us_timestamp(expression) %}
    {{- return(adapter.dispatch('us_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A UTC timestamp from a call record's text, in the format and the time zone that the vars call_date_format and
    call_time_zone say; null if it isn't. -#}
{% macro call_timestamp(expression) %}
    {%- set date_format, zone = var('call_date_format'), var('call_time_zone') -%}
    {%- if date_format == 'month_first' and zone == 'UTC' -%}
        {{- return(experiment_metrics.us_timestamp(expression)) -}}
    {%- endif -%}
    {{- return(experiment_metrics.zoned_timestamp(expression, date_format, zone)) -}}
{% endmacro %}


{#- A UTC timestamp from a time of plain files or tables, in the format and the time zone that the vars
    plain_date_format and plain_time_zone say; null if it isn't. -#}
{% macro plain_timestamp(expression) %}
    {%- set date_format, zone = var('plain_date_format'), var('plain_time_zone') -%}
    {%- if date_format == 'iso' and zone == 'UTC' -%}
        {{- return(experiment_metrics.to_timestamp(expression)) -}}
    {%- endif -%}
    {{- return(experiment_metrics.zoned_timestamp(expression, date_format, zone)) -}}
{% endmacro %}


{#- A UTC timestamp from the local time of a zone: as to_timestamp reads it or, where the month or the day come
    first, 9/15/2020 23:00:00 as well. Epoch milliseconds and times with an offset are of no zone. An hour that the
    clocks skip is null; of one that comes twice the second is taken, in winter time.
    date_format: text, iso, month_first or day_first. -#}
{% macro zoned_timestamp(expression, date_format, zone) %}
    {{- return(adapter.dispatch('zoned_timestamp', 'experiment_metrics')(expression, date_format, zone)) -}}
{% endmacro %}


{#- A UTC timestamp from text of the form 2020-09-14 or 2020-09-14 12:00:00; null if it isn't, or if there is
    no such day. -#}
{% macro iso_timestamp(expression) %}
    {{- return(adapter.dispatch('iso_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- As iso_timestamp, for the end of something: a day without a time is the whole day, up to its last
    microsecond. -#}
{% macro iso_end(expression) %}
    {{- return(adapter.dispatch('iso_end', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A timestamp moved by a number of hours (a number or an expression, fractions allowed), to the
    millisecond. -#}
{% macro add_hours(expression, hours) %}
    {{- return(adapter.dispatch('add_hours', 'experiment_metrics')(expression, hours)) -}}
{% endmacro %}


{#- The hours from one timestamp to a later one, with their fraction. -#}
{% macro hours_between(from_time, to_time) %}
    {{- return(adapter.dispatch('hours_between', 'experiment_metrics')(from_time, to_time)) -}}
{% endmacro %}


{#- The calendar days from one timestamp's UTC date to another's. -#}
{% macro days_between(from_time, to_time) %}
    {{- return(adapter.dispatch('days_between', 'experiment_metrics')(from_time, to_time)) -}}
{% endmacro %}


{#- The UTC date that lies a number of days (a column) after a timestamp's. -#}
{% macro add_days(from_time, days) %}
    {{- return(adapter.dispatch('add_days', 'experiment_metrics')(from_time, days)) -}}
{% endmacro %}
