{{ metric_observations(
    name='90th percentile of purchases',
    type='quantile',
    of='events',
    quantile=0.9,
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    unit='money',
    description='What all but a tenth of the purchases cost at most.',
) }}
