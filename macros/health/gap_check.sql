{#- The whole of a check of days that lack a kind of rows.
    rows: text, exposure or event; days: text, the column of experiment_days that says which days should have
    some; name, title, found, remedy, missing: as in health_check. -#}
{% macro gap_check(rows, days, name, title, found, remedy, missing) %}
with

days as (
    select * from {{ ref('experiment_days') }}
    where {{ days }}
),

findings as (
    select
        experiment_id,
        count(*) as day_count,
        count(case when {{ rows }}_count = 0 then 1 end) as check_value,
        sum(case when {{ rows }}_count = 0 then exposure_count else 0 end) as exposure_count,
        min(case when {{ rows }}_count = 0 then calendar_date end) as first_gap_date
    from days
    group by experiment_id
),

{{ experiment_metrics.health_check(
    name=name,
    title=title,
    looks_at='days',
    threshold='gap_warn_days',
    threshold_rule='positive number',
    warn='value >= threshold',
    found=found,
    remedy=remedy,
    missing=missing,
) }}

select * from checked
{% endmacro %}
