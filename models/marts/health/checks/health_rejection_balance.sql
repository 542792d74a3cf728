{{ balance_check(
    kind='rejected row',
    severity='fail',
    name='rejection_balance',
    title='Rejected exposures by variation',
    found='{affected_count} of {total_count} exposure rows can not be used, from {lowest_rate:%} to
        {highest_rate:%} by variation; p {value:p}.',
    remedy='A variation loses visitors: see why its rows are rejected, and correct what writes
        them.',
    missing='Not checked: of rows that name their variation, every variation should have 5 that can
        not be used, and 5 that can.',
) }}
