{{ metric_observations(
    name='Largest purchase',
    type='max',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    unit='money',
    description='The most that a visitor spent at once; 0 for a visitor who bought nothing.',
) }}
