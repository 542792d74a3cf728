{#- The rules of a launch, of which the first that holds decides: a list of dicts with name, verdict,
    condition (SQL over decision_evidence) and reason (text for sentence). A rule to ship says all that
    it takes, so that a row that no rule foresees has no verdict, and stops the build. -#}
{% macro decision_rules() %}
    {%- set lift = '{lift_text:text}, adjusted p {adjusted_p_value:p}' -%}
    {%- set level = ', which should be below ' ~ var('alpha') ~ '.' -%}
    {%- set better = '{primary_metric:text} is better: ' ~ lift ~ '.{opposed_text:text}' -%}
    {%- set guardrails = ' of {guardrail_count}. {worst_guardrail:text}' -%}
    {%- set unharmed = '{unharmed_text:text}' -%}
    {{- return([
        {
            'name': 'failing_health_check',
            'verdict': 'invalid',
            'condition': 'failing_check_count > 0',
            'reason': 'Health checks that fail: {failing_check_count} of {check_count}.
                {failing_check:text}',
        },
        {
            'name': 'no_health_check',
            'verdict': 'invalid',
            'condition': 'check_count = 0',
            'reason': 'No health check was made.',
        },
        {
            'name': 'no_reference_variation',
            'verdict': 'invalid',
            'condition': 'reference_variation_id is null',
            'reason': 'The experiment has {reference_variation_count} reference variations:
                seeds/variations.csv must mark one.',
        },
        {
            'name': 'harmed_guardrail',
            'verdict': 'do_not_ship',
            'condition': 'harmed_guardrail_count > 0',
            'reason': 'Guardrails that are harmed: {harmed_guardrail_count}' ~ guardrails,
        },
        {
            'name': 'worse_primary_metric',
            'verdict': 'do_not_ship',
            'condition': 'is_worse',
            'reason': '{primary_metric:text} is significantly worse: ' ~ lift ~ '.',
        },
        {
            'name': 'no_primary_metric',
            'verdict': 'inconclusive',
            'condition': 'primary_metric is null',
            'reason': 'No primary metric is named in seeds/experiments.csv.',
        },
        {
            'name': 'unmeasured_primary_metric',
            'verdict': 'inconclusive',
            'condition': 'not has_number',
            'reason': '{primary_metric:text} has no number to decide by ({primary_status:text}).
                {primary_status_reason:text}',
        },
        {
            'name': 'primary_metric_not_better',
            'verdict': 'inconclusive',
            'condition': 'not is_better',
            'reason': '{primary_metric:text} is not significantly better: ' ~ lift ~ level,
        },
        {
            'name': 'stale_guardrail',
            'verdict': 'inconclusive',
            'condition': 'stale_guardrail_count > 0',
            'reason': 'Guardrails without recent data: {stale_guardrail_count}' ~ guardrails,
        },
        {
            'name': 'unmeasured_guardrail',
            'verdict': 'inconclusive',
            'condition': 'unmeasured_guardrail_count > 0',
            'reason': 'Guardrails without a number: {unmeasured_guardrail_count}' ~ guardrails,
        },
        {
            'name': 'uncertain_guardrail',
            'verdict': 'inconclusive',
            'condition': 'uncertain_guardrail_count > 0',
            'reason': 'Guardrails that may be harmed: {uncertain_guardrail_count}' ~ guardrails,
        },
        {
            'name': 'too_early',
            'verdict': 'inconclusive',
            'condition': 'not is_planned_duration_reached and not is_sequentially_significant',
            'reason': better ~ ' The planned duration ends on {planned_until_at:date}, and until then
                the sequential p-value counts: p {sequential_p_value:p}.',
        },
        {
            'name': 'better_after_planned_duration',
            'verdict': 'ship',
            'condition': 'is_better and is_planned_duration_reached',
            'reason': better ~ unharmed ~ ' The planned duration ended on {planned_until_at:date}.',
        },
        {
            'name': 'better_at_every_look',
            'verdict': 'ship',
            'condition': 'is_better and is_sequentially_significant',
            'reason': better ~ unharmed ~ ' The planned duration ends on {planned_until_at:date}, but
                the lift is significant however often it is looked at: sequential p {sequential_p_value:p}.',
        },
    ]) -}}
{% endmacro %}
