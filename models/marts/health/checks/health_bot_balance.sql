{{ balance_check(
    kind='bot',
    severity='warn',
    name='bot_balance',
    title='Bots by variation',
    found='{affected_count} of {total_count} visitors are bots, from {lowest_rate:%} to
        {highest_rate:%} by variation; p {value:p}.',
    remedy='Bots are not assigned as people are, or one variation looks like a bot: extend the
        patterns by which bots are known, or look at what the variation sends.',
    missing='Not checked: too few bots, of which every variation should have 5.',
) }}
