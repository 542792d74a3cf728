{#- The columns of experiment_results in their order, with `keys` after the variation: a list. -#}
{% macro result_columns(keys=[]) %}
    {{- return([
        'experiment_id', 'experiment_name', 'metric_name', 'variation_id', 'variation_name',
    ] + keys + [
        'reference_variation_id', 'estimator', 'is_headline', 'is_primary', 'is_guardrail',
        'direction', 'unit_count', 'reference_unit_count', 'metric_value', 'reference_metric_value',
        'absolute_lift', 'absolute_lift_std_error', 'absolute_lift_ci_low', 'absolute_lift_ci_high',
        'relative_lift', 'relative_lift_std_error', 'relative_lift_ci_low', 'relative_lift_ci_high',
        'degrees_of_freedom', 'p_value', 'adjusted_p_value', 'is_significant',
        'sequential_p_value', 'sequential_ci_low', 'sequential_ci_high',
        'sequential_relative_ci_low', 'sequential_relative_ci_high', 'is_sequentially_significant',
        'posterior_lift', 'posterior_std_error', 'posterior_ci_low', 'posterior_ci_high',
        'chance_to_win', 'risk', 'reference_risk',
        'minimum_detectable_effect', 'relative_minimum_detectable_effect', 'target_power',
        'required_unit_count', 'days_to_target', 'cuped_theta', 'variance_reduction',
        'guardrail_verdict', 'is_reference_negative', 'status', 'status_reason',
    ]) -}}
{% endmacro %}


{#- Those of them that a row has by itself, and what else a verdict takes. -#}
{% macro comparison_columns(keys=[]) %}
    {%- set concluded = [
        'adjusted_p_value', 'is_significant', 'is_sequentially_significant', 'guardrail_verdict',
        'status_reason',
    ] -%}
    {{- return(
        experiment_metrics.result_columns(keys) | reject('in', concluded) | list
        + ['reference_variation_count', 'non_inferiority_margin']
    ) -}}
{% endmacro %}
