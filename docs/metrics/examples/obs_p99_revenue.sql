{{ metric_observations(
    name='99th percentile of revenue',
    type='quantile',
    of='units',
    quantile=0.99,
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    unit='money',
    description='What all but a hundredth of the visitors spend at most.',
) }}
