{#- The columns of experiment_decisions in their order, over judged evidence that is ranked among the
    rows of its verdict: a list of SQL. -#}
{% macro decision_columns() %}
    {%- set better = experiment_metrics.sentence(
        ' {best_name:text} may be shipped as well, and its lift is larger: {best_lift_text:text}.'
    ) -%}
    {{- return([
        'experiment_id',
        'experiment_name',
        'variation_id',
        'variation_name',
        'reference_variation_id',
        'verdict',
        'rule',
        "rule_reason || case when verdict = 'ship' and best_gain > gain then "
        ~ better ~ " else '' end as reason",
        'primary_metric',
        'absolute_lift',
        'relative_lift',
        'relative_lift_ci_low',
        'relative_lift_ci_high',
        'adjusted_p_value',
        'sequential_p_value',
        'is_sequentially_significant',
        'planned_until_at',
        'is_planned_duration_reached',
        'guardrail_count',
        'harmed_guardrail_count',
        'stale_guardrail_count',
        'unmeasured_guardrail_count',
        'uncertain_guardrail_count',
        'check_count',
        'failing_check_count',
        'warning_check_count',
        'as_of_at',
    ]) -}}
{% endmacro %}


{#- The window of an experiment's rows of one verdict, the largest gain first. -#}
{% macro same_verdict() %}
    {{- return(
        '(\n            partition by experiment_id, verdict order by gain desc, variation_id\n        )'
    ) -}}
{% endmacro %}
