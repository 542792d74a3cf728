{#- The lift of a row of results with its interval, for people to read, such as +3.10% (-0.20% to +6.40%):
    relative where there is such an interval, else absolute. Null where there is neither.
    relative, absolute: text, what the names of the intervals' ends begin with. -#}
{% macro lift_text(relative='relative_lift_ci', absolute='absolute_lift_ci') %}
case
            when {{ relative }}_low is not null and {{ relative }}_high is not null
                then {{ experiment_metrics.sentence(
                    '{relative_lift:+%} ({' ~ relative ~ '_low:+%} to {' ~ relative ~ '_high:+%})'
                ) }}
            when {{ absolute }}_low is not null
                then {{ experiment_metrics.sentence(
                    '{absolute_lift:+6} ({' ~ absolute ~ '_low:+6} to {' ~ absolute ~ '_high:+6})'
                ) }}
        end
{%- endmacro %}
