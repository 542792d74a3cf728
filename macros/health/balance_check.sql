{#- The whole of a check of whether something that excludes exposures is as frequent in every variation.
    kind: text, the exclusion_kind of exclusion_rates; severity: text, fail or warn; the others are those of
    health_check. -#}
{% macro balance_check(kind, severity, name, title, found, remedy, missing) %}
{%- set condition = {severity: 'value < threshold'} -%}
with

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = {{ experiment_metrics.string_literal(kind) }}
),

findings as (
    select
        experiment_id,
        affected_count,
        total_count,
        lowest_rate,
        highest_rate,
        p_value as check_value
    from rates
),

{{ experiment_metrics.health_check(
    name=name,
    title=title,
    looks_at='p-value',
    threshold='exclusion_balance_alpha',
    threshold_rule='probability',
    fail=condition.get('fail', 'false'),
    warn=condition.get('warn', 'false'),
    found=found,
    remedy=remedy,
    missing=missing,
) }}

select * from checked
{% endmacro %}
