{%- set rules = decision_rules() -%}

with

evidence as (
    select * from {{ ref('decision_evidence') }}
),

-- A rule is what dashboards call it, though SQL has a word like it.
ruled as (
    select
        evidence.*,
        case
            {%- for rule in rules %}
                when {{ rule.condition }} then '{{ rule.name }}'
            {%- endfor %}
        end as rule -- noqa: RF04
    from evidence
),

judged as (
    select
        ruled.*,
        case ruled.rule
            {%- for rule in rules %}
                when '{{ rule.name }}' then '{{ rule.verdict }}'
            {%- endfor %}
        end as verdict,
        case ruled.rule
            {%- for rule in rules %}
                when '{{ rule.name }}' then {{ sentence(rule.reason) }}
            {%- endfor %}
        end as rule_reason
    from ruled
),

ranked as (
    select
        judged.*,
        first_value(judged.gain) over same_verdict as best_gain,
        first_value(judged.variation_name) over same_verdict as best_name,
        first_value(judged.lift_text) over same_verdict as best_lift_text
    from judged
    window
        same_verdict as (
            partition by experiment_id, verdict order by gain desc, variation_id asc
        )
),

decisions as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        reference_variation_id,
        reference_variation_name,
        verdict,
        rule,
        rule_reason || case
            when verdict = 'ship' and best_gain > gain
                then {{ sentence(' {best_name:text} may be shipped as well, and its lift is larger:
                    {best_lift_text:text}.') }}
            else ''
        end as reason,
        primary_metric,
        metric_value,
        reference_metric_value,
        absolute_lift,
        relative_lift,
        relative_lift_ci_low,
        relative_lift_ci_high,
        adjusted_p_value,
        sequential_p_value,
        is_sequentially_significant,
        planned_until_at,
        is_planned_duration_reached,
        guardrail_count,
        harmed_guardrail_count,
        stale_guardrail_count,
        unmeasured_guardrail_count,
        uncertain_guardrail_count,
        opposed_segment_count,
        check_count,
        failing_check_count,
        warning_check_count,
        as_of_at
    from ranked
)

select * from decisions
