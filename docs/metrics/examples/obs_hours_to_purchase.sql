{{ metric_observations(
    name='Hours to purchase',
    type='time_to',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    direction='decrease',
    unit='hours',
    description='Hours from the exposure of a buyer to the first purchase.',
) }}
