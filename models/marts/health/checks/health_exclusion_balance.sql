with

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = 'excluded visitor'
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

{{ health_check(
    'exclusion_balance',
    threshold=var('exclusion_balance_alpha'),
    warn='value < threshold',
        found='{affected_count} of {total_count} visitors are held back or excluded, from
        {lowest_rate:%} to {highest_rate:%} by variation; p {value:p}.',
        remedy='Who is left out must not depend on the variation: see how visitors came into
        seeds/excluded_visitors.csv, and how the holdback is chosen.',
        missing='Not checked: too few visitors held back or excluded, of whom every variation should
        have 5.',
) }}

select * from checked
