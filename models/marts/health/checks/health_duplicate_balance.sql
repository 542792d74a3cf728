with

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = 'copy'
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
    'duplicate_balance',
    threshold=var('exclusion_balance_alpha'),
    warn='value < threshold',
        found='Exposures of {affected_count} of {total_count} visitors were delivered more than
        once, from {lowest_rate:%} to {highest_rate:%} by variation; p {value:p}.',
        remedy='Copies count once, but what sends them treats the variations unequally: look for
        retries and double tracking in the one that has most.',
        missing='Not checked: too few visitors with copied exposures, of whom every variation should
        have 5.',
) }}

select * from checked
