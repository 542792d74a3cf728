{{ metric_observations(
    name='First purchase',
    type='first',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    default_value=none,
    unit='money',
    description='What a buyer spent at the first purchase.',
) }}
