with

variations as (
    select * from {{ ref('decided_variations') }}
),

guardrails as (
    select * from {{ ref('guardrail_conclusions') }}
),

-- The worst of them, the first by name, stands for all in a decision's reason.
counts as (
    select
        variations.experiment_id,
        variations.variation_id,
        count(guardrails.metric_name) as guardrail_count,
        {%- for conclusion in ['harmed', 'stale', 'unmeasured', 'uncertain'] %}
            count(case when guardrails.conclusion = '{{ conclusion }}' then 1 end)
                as {{ conclusion }}_guardrail_count,
        {%- endfor %}
        min(case when guardrails.place = 1 then guardrails.explanation end) as worst_guardrail
    from variations
    left join guardrails on {{ same_variation('variations', 'guardrails') }}
    group by variations.experiment_id, variations.variation_id
)

select * from counts
