{#- CTEs that end in `bounded_lifts`: intervals of the lifts, for one look at the end (fixed) and for any
    number of looks (sequential). An interval is the lift -/+ a multiple of its standard error. The
    sequential multiple is wide enough at every size at once (a normal mixture, tightest at the var
    sequential_target_units); the p-value that goes with it is 1 at most. -#}
{% macro bound_lifts() %}
    {%- set alpha = experiment_metrics.setting_literal('alpha') -%}
    {%- set target = experiment_metrics.setting_literal('sequential_target_units') -%}
sequential_scales as {{ experiment_metrics.materialized() }} (
    select
        tested_lifts.*,
        -- How many times the information at the target there is.
        nullif(cast(unit_count + reference_unit_count as {{ experiment_metrics.type_double() }}), 0)
        * (-2e0 * ln({{ alpha }}) + ln(1e0 - 2e0 * ln({{ alpha }}))) / {{ target }} as look_scale
    from tested_lifts
),

sequential_tests as {{ experiment_metrics.materialized() }} (
    select
        sequential_scales.*,
        sqrt((1e0 + 1e0 / look_scale) * (ln(1e0 + look_scale) - 2e0 * ln({{ alpha }})))
            as sequential_quantile,
        0.5e0 * ln(1e0 + look_scale)
        - look_scale * t_statistic * t_statistic / (2e0 * (1e0 + look_scale)) as sequential_log_p
    from sequential_scales
),

bounded_lifts as {{ experiment_metrics.materialized() }} (
    select
        sequential_tests.*,
        absolute_lift - t_quantile * absolute_lift_std_error as absolute_lift_ci_low,
        absolute_lift + t_quantile * absolute_lift_std_error as absolute_lift_ci_high,
        {{ experiment_metrics.relative_bound('-', 't_quantile') }} as relative_lift_ci_low,
        {{ experiment_metrics.relative_bound('+', 't_quantile') }} as relative_lift_ci_high,
        case
            when sequential_log_p >= 0 then 1e0
            when sequential_log_p < -690 then 0e0
            else exp(sequential_log_p)
        end as sequential_p_value,
        absolute_lift - sequential_quantile * absolute_lift_std_error as sequential_ci_low,
        absolute_lift + sequential_quantile * absolute_lift_std_error as sequential_ci_high,
        {{ experiment_metrics.relative_bound('-', 'sequential_quantile') }} as sequential_relative_ci_low,
        {{ experiment_metrics.relative_bound('+', 'sequential_quantile') }} as sequential_relative_ci_high
    from sequential_tests
)
{%- endmacro %}


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
