with

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = 'bot'
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
    'bot_balance',
    threshold=var('exclusion_balance_alpha'),
    warn='value < threshold',
        found='{affected_count} of {total_count} visitors are bots, from {lowest_rate:%} to
        {highest_rate:%} by variation; p {value:p}.',
        remedy='Bots are not assigned as people are, or one variation looks like a bot: extend
        bot_user_agent_patterns, or look at what the variation sends.',
    missing='Not checked: too few bots, of which every variation should have 5.',
) }}

select * from checked
