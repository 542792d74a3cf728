{#- A UTC timestamp from a timestamp, a timestamp with zone, a text with or without an offset, or epoch
    milliseconds; null if it is none of these, or outside the era in which there are experiments. Without a
    zone or offset it is UTC, the session's. -#}
{% macro to_timestamp(expression) %}
    {{- return(adapter.dispatch('to_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}

{% macro duckdb__to_timestamp(expression) %}
    {%- set era = experiment_metrics.era() -%}
    {%- set number = "try_cast(" ~ expression ~ " as bigint)" -%}
    {%- set time = "cast(try_cast(" ~ expression ~ " as timestamptz) as timestamp)" -%}
    {{- return(
        "coalesce(epoch_ms(case when " ~ number ~ " >= " ~ era.starts_ms ~ " and " ~ number ~ " < " ~ era.ends_ms
        ~ " then " ~ number ~ " end), case when " ~ time ~ " >= timestamp '" ~ era.starts_at ~ "' and " ~ time
        ~ " < timestamp '" ~ era.ends_at ~ "' then " ~ time ~ " end)"
    ) -}}
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

{% macro duckdb__us_timestamp(expression) %}
    {#- DuckDB's %Y takes 20 for the year 20. -#}
    {%- set form = "'\\s*\\d{1,2}/\\d{1,2}/[12]\\d{3}\\s+\\d{1,2}:\\d{1,2}:\\d{1,2}\\s*'" -%}
    {{- return(
        "case when regexp_full_match(" ~ expression ~ ", " ~ form ~ ") then try_strptime("
        ~ expression ~ ", '%m/%d/%Y %H:%M:%S') end"
    ) -}}
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

{% macro duckdb__zoned_timestamp(expression, date_format, zone) %}
    {%- set text = experiment_metrics.to_text(expression) -%}
    {%- set form = "'^\\s*(\\d{1,2})[/.-](\\d{1,2})[/.-]([12]\\d{3})(?:\\s+(\\d{1,2}:\\d{1,2}(?::\\d{1,2}(?:[.]\\d+)?)?))?\\s*$'" -%}
    {%- set order = {'month_first': "'\\3-\\1-\\2 \\4'", 'day_first': "'\\3-\\2-\\1 \\4'"} -%}
    {%- set local_text = text if date_format == 'iso' else "trim(regexp_replace(" ~ text ~ ", " ~ form ~ ", "
        ~ order[date_format] ~ "))" -%}
    {%- set has_offset = "regexp_matches(" ~ text ~ ", ':\\d{2}([.]\\d+)?\\s*(Z|z|UTC|[+-]\\d{2}(:?\\d{2})?)\\s*$')" -%}
    {%- set time, at_zone = "try_cast(" ~ local_text ~ " as timestamp)", " at time zone "
        ~ experiment_metrics.string_literal(zone) -%}
    {%- set moment = "(" ~ time ~ at_zone ~ ")" -%}
    {%- set is_there = "(" ~ moment ~ at_zone ~ ") = " ~ time -%}
    {{- return(
        "case when " ~ has_offset ~ " or try_cast(" ~ text ~ " as bigint) is not null then "
        ~ experiment_metrics.to_timestamp(expression) ~ " when " ~ is_there ~ " then "
        ~ experiment_metrics.to_timestamp(moment) ~ " end"
    ) -}}
{% endmacro %}


{#- A UTC timestamp from text of the form 2020-09-14 or 2020-09-14 12:00:00; null if it isn't, or if there is
    no such day. -#}
{% macro iso_timestamp(expression) %}
    {{- return(adapter.dispatch('iso_timestamp', 'experiment_metrics')(expression)) -}}
{% endmacro %}

{% macro duckdb__iso_timestamp(expression) %}
    {%- set form = "'\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2}(\\.\\d+)?)?'" -%}
    {{- return(
        "case when regexp_full_match(" ~ expression ~ ", " ~ form ~ ") then try_cast("
        ~ expression ~ " as timestamp) end"
    ) -}}
{% endmacro %}


{#- As iso_timestamp, for the end of something: a day without a time is the whole day, up to its last
    microsecond. -#}
{% macro iso_end(expression) %}
    {{- return(adapter.dispatch('iso_end', 'experiment_metrics')(expression)) -}}
{% endmacro %}

{% macro duckdb__iso_end(expression) %}
    {{- return(
        experiment_metrics.iso_timestamp(expression) ~ " + case when length(" ~ expression
        ~ ") = 10 then interval 1 day - interval 1 microsecond else interval 0 day end"
    ) -}}
{% endmacro %}


{#- A timestamp moved by a number of hours (a number or an expression, fractions allowed), to the
    millisecond. -#}
{% macro add_hours(expression, hours) %}
    {{- return(adapter.dispatch('add_hours', 'experiment_metrics')(expression, hours)) -}}
{% endmacro %}

{% macro duckdb__add_hours(expression, hours) %}
    {%- set milliseconds = (hours * 3600000) | round | int if hours is number
        else "cast(round(" ~ hours ~ " * 3600000) as bigint)" -%}
    {{- return("(" ~ expression ~ " + to_milliseconds(" ~ milliseconds ~ "))") -}}
{% endmacro %}


{#- The hours from one timestamp to a later one, with their fraction. -#}
{% macro hours_between(from_time, to_time) %}
    {{- return(adapter.dispatch('hours_between', 'experiment_metrics')(from_time, to_time)) -}}
{% endmacro %}

{% macro duckdb__hours_between(from_time, to_time) %}
    {{- return(
        "(epoch_us(" ~ to_time ~ ") - epoch_us(" ~ from_time ~ ")) / cast(3600000000 as double)"
    ) -}}
{% endmacro %}


{#- The calendar days from one timestamp's UTC date to another's. -#}
{% macro days_between(from_time, to_time) %}
    {{- return(adapter.dispatch('days_between', 'experiment_metrics')(from_time, to_time)) -}}
{% endmacro %}

{% macro duckdb__days_between(from_time, to_time) %}
    {{- return("date_diff('day', cast(" ~ from_time ~ " as date), cast(" ~ to_time ~ " as date))") -}}
{% endmacro %}


{#- The UTC date that lies a number of days (a column) after a timestamp's. -#}
{% macro add_days(from_time, days) %}
    {{- return(adapter.dispatch('add_days', 'experiment_metrics')(from_time, days)) -}}
{% endmacro %}

{% macro duckdb__add_days(from_time, days) %}
    {{- return("(cast(" ~ from_time ~ " as date) + cast(" ~ days ~ " as integer))") -}}
{% endmacro %}
