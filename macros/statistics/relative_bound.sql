{#- One end of the relative lift's interval. By the delta method it is the lift -/+ k standard errors. By
    Fieller's, the interval holds each lift r for which (absolute lift - r reference) is less than k of
    its own standard errors from 0: the exact dual of the absolute test; null where the reference is so
    near 0 that it has no end.
    sign: text, - or +; k: text, the column of the multiple. -#}
{% macro relative_bound(sign, k) %}
    {%- set fieller = experiment_metrics.fieller_bound(sign, k) -%}
    {%- if var('relative_interval') == 'fieller' -%}
        {{- return(fieller) -}}
    {%- endif -%}
    {%- set bound -%}
        case
            when {{ experiment_metrics.is_reference_near_zero() }}
                then {{ fieller }}
            else relative_lift {{ sign }} {{ k }} * relative_lift_std_error
        end
    {%- endset -%}
    {{- return(bound) -}}
{% endmacro %}


{#- Whether the reference's value is less than 4 of its standard errors from 0, where intervals by the
    delta method hold the lift in 82 to 92 % of experiments in place of 95 %. -#}
{% macro is_reference_near_zero() %}
    {{- return('16 * relative_reference > 1') -}}
{% endmacro %}


{#- One end of Fieller's interval. -#}
{% macro fieller_bound(sign, k) %}
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
    {{- return(fieller) -}}
{% endmacro %}
