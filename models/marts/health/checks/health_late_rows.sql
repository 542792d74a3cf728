{{ delay_check(
    kind='late',
    hours='late_after_hours',
    hours_rule='positive number',
    threshold='late_warn_share',
    than='after they happened',
    name='late_rows',
    title='Late rows',
    remedy='Results of past days still change: build later, or build past days again.',
) }}
