with

variations as (
    select * from {{ ref('decided_variations') }}
),

primaries as (
    select * from {{ ref('primary_conclusions') }}
),

guardrails as (
    select * from {{ ref('guardrail_counts') }}
),

checks as (
    select * from {{ ref('check_counts') }}
),

evidence as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        variations.reference_variation_id,
        variations.reference_variation_count,
        variations.primary_metric,
        variations.as_of_at,
        variations.planned_until_at,
        variations.is_planned_duration_reached,
        primaries.status as primary_status,
        primaries.status_reason as primary_status_reason,
        primaries.gain,
        primaries.lift_text,
        primaries.absolute_lift,
        primaries.relative_lift,
        primaries.relative_lift_ci_low,
        primaries.relative_lift_ci_high,
        primaries.adjusted_p_value,
        primaries.sequential_p_value,
        primaries.has_number,
        primaries.is_better,
        primaries.is_worse,
        primaries.is_sequentially_significant,
        guardrails.guardrail_count,
        {%- for conclusion in ['harmed', 'stale', 'unmeasured', 'uncertain'] %}
            guardrails.{{ conclusion }}_guardrail_count,
        {%- endfor %}
        guardrails.worst_guardrail,
        checks.check_count,
        checks.failing_check_count,
        checks.warning_check_count,
        checks.failing_check
    from variations
    inner join primaries on {{ same_variation('variations', 'primaries') }}
    inner join guardrails on {{ same_variation('variations', 'guardrails') }}
    inner join checks on variations.experiment_id = checks.experiment_id
)

select * from evidence
