{#- The lift of a row of results with its interval, for people to read: relative where there is such an
    interval, else absolute. Null where there is neither. -#}
{% macro lift_text() %}
case
            when relative_lift_ci_low is not null and relative_lift_ci_high is not null
                then {{ experiment_metrics.interval_text('relative_lift') }}
            when absolute_lift_ci_low is not null
                then {{ experiment_metrics.interval_text('absolute_lift') }}
        end
{%- endmacro %}


{#- A lift and its interval as text, such as +3.10% (-0.20% to +6.40%).
    lift: text, the column's name, of which those of its interval are made. -#}
{% macro interval_text(lift) %}
    {%- set numbers = [] -%}
    {%- for column in [lift, lift ~ '_ci_low', lift ~ '_ci_high'] -%}
        {%- do numbers.append(experiment_metrics.signed_text(column, is_share=lift == 'relative_lift')) -%}
    {%- endfor -%}
    {{- return(
        numbers[0] ~ " || ' (' || " ~ numbers[1] ~ " || ' to ' || " ~ numbers[2] ~ " || ')'"
    ) -}}
{% endmacro %}


{#- A number as text with its sign, or a share as a percentage. One that is too large for a decimal is
    written as the warehouse writes it. -#}
{% macro signed_text(column, is_share) %}
    {%- set number = experiment_metrics.number_text('100e0 * ' ~ column, 2) ~ " || '%'" if is_share
        else experiment_metrics.number_text(column, 6) -%}
    {{- return(
        "case when " ~ column ~ " > 0 then '+' else '' end || case when abs(" ~ column
        ~ ") < 1e15 then " ~ number ~ " else " ~ experiment_metrics.to_text(column)
        ~ (" || ' times'" if is_share else "") ~ " end"
    ) -}}
{% endmacro %}
