{{ experiment_metrics.metric_observations(
    name='Daily active users',
    type='unit_count',
    rollup='daily',
    source=ref('experiment_events'),
    where="event_name = 'active'",
    tags=['app'],
) }}
