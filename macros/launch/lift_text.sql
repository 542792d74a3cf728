{#- The lift of a row of results with its interval, for people to read, such as +3.10% (-0.20% to +6.40%):
    relative where there is such an interval, else absolute. Null where there is neither. -#}
{% macro lift_text() %}
case
            when relative_lift_ci_low is not null and relative_lift_ci_high is not null
                then {{ experiment_metrics.sentence(
                    '{relative_lift:+%} ({relative_lift_ci_low:+%} to {relative_lift_ci_high:+%})'
                ) }}
            when absolute_lift_ci_low is not null
                then {{ experiment_metrics.sentence(
                    '{absolute_lift:+6} ({absolute_lift_ci_low:+6} to {absolute_lift_ci_high:+6})'
                ) }}
        end
{%- endmacro %}
