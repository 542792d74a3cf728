{{ balance_check(
    kind='copy',
    severity='warn',
    name='duplicate_balance',
    title='Copied exposures by variation',
    found='Exposures of {affected_count} of {total_count} visitors were delivered more than once,
        from {lowest_rate:%} to {highest_rate:%} by variation; p {value:p}.',
    remedy='Copies count once, but what sends them treats the variations unequally: look for retries
        and double tracking in the one that has most.',
    missing='Not checked: too few visitors with copied exposures, of whom every variation should
        have 5.',
) }}
