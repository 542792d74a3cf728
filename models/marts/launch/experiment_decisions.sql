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
        first_value(judged.gain) over {{ same_verdict() }} as best_gain,
        first_value(judged.variation_name) over {{ same_verdict() }} as best_name,
        first_value(judged.lift_text) over {{ same_verdict() }} as best_lift_text
    from judged
),

decisions as (
    select
        {{ decision_columns() | join(',\n        ') }}
    from ranked
)

select * from decisions
