{{ metric_observations(
    name='Purchase conversion rate',
    type='conversion',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    tags=['shop'],
    description='Share of visitors who bought something.',
) }}
