{{ delay_check(
    kind='future',
    hours='clock_tolerance_hours',
    hours_rule='number of 0 or more',
    threshold='future_warn_share',
    than='before they happened',
    name='future_rows',
    title='Rows of the future',
    left_out=ref('stray_rows'),
    remedy='Clocks or time zones are wrong where they are sent: correct them there.',
) }}
