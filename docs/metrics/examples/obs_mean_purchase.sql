{{ metric_observations(
    name='Mean purchase',
    type='mean',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    default_value=none,
    unit='money',
    description='What a buyer spent per purchase, averaged over buyers.',
) }}
