{{ balance_check(
    kind='excluded visitor',
    severity='warn',
    name='exclusion_balance',
    title='Excluded visitors by variation',
    found='{affected_count} of {total_count} visitors are held back or excluded, from
        {lowest_rate:%} to {highest_rate:%} by variation; p {value:p}.',
    remedy='Who is left out must not depend on the variation: see how visitors came to be
        excluded, and how the holdback is chosen.',
    missing='Not checked: too few visitors held back or excluded, of whom every variation should
        have 5.',
) }}
