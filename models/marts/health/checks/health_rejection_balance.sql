with

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = 'rejected row'
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
    'rejection_balance',
    threshold=var('exclusion_balance_alpha'),
    fail='value < threshold',
        found='{affected_count} of {total_count} exposure rows can not be used, from {lowest_rate:%}
        to {highest_rate:%} by variation; p {value:p}.',
        remedy='A variation loses visitors: see excluded_rows for the reasons, and correct what
        writes the rows.',
        missing='Not checked: too few rows that can not be used, of which every variation should
        have 5.',
) }}

select * from checked
