{{ experiment_metrics.metric_observations(
    name='Sign-up rate',
    type='conversion',
    source=ref('experiment_events'),
    where="event_name = 'visited_signup'",
    tags=['app'],
) }}
