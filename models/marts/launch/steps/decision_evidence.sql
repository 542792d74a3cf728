{%- set conclusions = ['harmed', 'stale', 'unmeasured', 'uncertain'] -%}

with

variations as (
    select * from {{ ref('decided_variations') }}
),

primaries as (
    select * from {{ ref('primary_conclusions') }}
),

guardrails as (
    select * from {{ ref('guardrail_conclusions') }}
),

opposed_segments as (
    select * from {{ ref('opposed_segments') }}
),

checks as (
    select * from {{ ref('check_counts') }}
),

-- The worst of them, the first by name, stands for all in a decision's reason.
watched as (
    select
        experiment_id,
        variation_id,
        count(*) as guardrail_count,
        {%- for conclusion in conclusions %}
            count(case when conclusion = '{{ conclusion }}' then 1 end)
                as {{ conclusion }}_guardrail_count,
        {%- endfor %}
        min(case when place = 1 then explanation end) as worst_guardrail
    from guardrails
    group by experiment_id, variation_id
),

-- The most certain of them stands for all.
opposed as (
    select
        experiment_id,
        variation_id,
        count(*) as opposed_segment_count,
        min(case when place = 1 then explanation end) as worst_segment
    from opposed_segments
    group by experiment_id, variation_id
),

evidence as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        variations.reference_variation_id,
        variations.reference_variation_name,
        variations.reference_variation_count,
        variations.primary_metric,
        variations.as_of_at,
        variations.planned_until_at,
        variations.is_planned_duration_reached,
        primaries.status as primary_status,
        primaries.status_reason as primary_status_reason,
        primaries.gain,
        primaries.lift_text,
        primaries.metric_value,
        primaries.reference_metric_value,
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
        coalesce(watched.guardrail_count, 0) as guardrail_count,
        {%- for conclusion in conclusions %}
            coalesce(watched.{{ conclusion }}_guardrail_count, 0)
                as {{ conclusion }}_guardrail_count,
        {%- endfor %}
        watched.worst_guardrail,
        case
            when watched.guardrail_count > 0
                then {{ sentence(
                    ' Guardrails that may be harmed: 0 of {watched.guardrail_count}.'
                ) }}
            else ' No guardrail was watched.'
        end as unharmed_text,
        coalesce(opposed.opposed_segment_count, 0) as opposed_segment_count,
        case
            when opposed.opposed_segment_count > 0
                then {{ sentence(' Segments that lose: {opposed.opposed_segment_count}.
                    {opposed.worst_segment:text}') }}
            else ''
        end as opposed_text,
        checks.check_count,
        checks.failing_check_count,
        checks.warning_check_count,
        checks.failing_check
    from variations
    inner join primaries
        on
            variations.experiment_id = primaries.experiment_id
            and variations.variation_id = primaries.variation_id
    left join watched
        on
            variations.experiment_id = watched.experiment_id
            and variations.variation_id = watched.variation_id
    left join opposed
        on
            variations.experiment_id = opposed.experiment_id
            and variations.variation_id = opposed.variation_id
    inner join checks on variations.experiment_id = checks.experiment_id
)

select * from evidence
