{#- The bound of a histogram that is a number of steps from 0. Reads step_factor and step_power, the step as so many
    times a power of ten: one below 0 divides, so that 3 tenths are 0.3 and not a bit more. number: text, an
    expression that is a whole number. -#}
{% macro bin_bound(number) %}
    {{- return(
        "case when step_power < 0 then (" ~ number ~ ") * step_factor / power(10e0, -step_power) else ("
        ~ number ~ ") * step_factor * power(10e0, step_power) end"
    ) -}}
{% endmacro %}
