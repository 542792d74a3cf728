{{ metric_observations(
    name='Big spenders',
    type='threshold',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    threshold=100000,
    description='Share of visitors who spent 1,000.00 or more.',
) }}
