{#- One end of the relative lift's interval. By the delta method it is the lift -/+ k standard errors. By
    Fieller's, the interval holds each lift r for which (absolute lift - r reference) is less than k of
    its own standard errors from 0: the exact dual of the absolute test; null where the reference is so
    near 0 that it has no end.
    sign: text, - or +; k: text, the column of the multiple. -#}
{% macro relative_bound(sign, k) %}
    {%- set delta -%}
        relative_lift {{ sign }} {{ k }} * relative_lift_std_error
    {%- endset -%}
    {%- set fieller -%}
        case
            when
                relative_lift_std_error is not null
                and {{ k }} * {{ k }} * relative_reference < 1
                then (
                    relative_lift + {{ k }} * {{ k }} * relative_mixed
                    {{ sign }} {{ k }} * sqrt(greatest(
                        relative_lift_std_error * relative_lift_std_error + {{ k }} * {{ k }}
                        * (relative_mixed * relative_mixed - relative_reference * relative_own),
                        0
                    ))
                ) / (1e0 - {{ k }} * {{ k }} * relative_reference)
        end
    {%- endset -%}
    {{- return(fieller if var('relative_interval') == 'fieller' else delta) -}}
{% endmacro %}
