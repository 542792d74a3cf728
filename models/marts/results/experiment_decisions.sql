{%- set rules = decision_rules() -%}

with

evidence as (
    select * from {{ ref('decision_evidence') }}
),

ruled as (
    select
        evidence.*,
        case
            {%- for rule in rules %}
            when {{ rule.condition }} then '{{ rule.name }}'
            {%- endfor %}
        end as rule
    from evidence
),

judged as (
    select
        ruled.*,
        case rule
            {%- for rule in rules %}
            when '{{ rule.name }}' then '{{ rule.verdict }}'
            {%- endfor %}
        end as verdict,
        case rule
            {%- for rule in rules %}
            when '{{ rule.name }}' then {{ sentence(rule.reason) }}
            {%- endfor %}
        end as rule_reason
    from ruled
),

ranked as (
    select
        judged.*,
        first_value(gain) over {{ same_verdict() }} as best_gain,
        first_value(variation_name) over {{ same_verdict() }} as best_name,
        first_value(lift_text) over {{ same_verdict() }} as best_lift_text
    from judged
),

decisions as (
    select
        {{ decision_columns() | join(',\n        ') }}
    from ranked
)

select * from decisions
