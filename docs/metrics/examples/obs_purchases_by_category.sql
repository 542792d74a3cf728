{{ metric_observations(
    name='Purchases',
    type='count',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    breakdown=tag('category'),
    breakdown_values=['electronics'],
    description='Purchases of a visitor, and how many of them were of each category.',
) }}
