{{ experiment_metrics.metric_observations(
    name='Order value',
    type='sum',
    source=ref('experiment_events'),
    where="event_name = 'order'",
    value='revenue',
    window_days=2,
    tags=['shop'],
    unit='money',
) }}
