{{ metric_observations(
    name='Electronics revenue per visitor',
    type='sum',
    source=ref('experiment_events'),
    where="event_name = 'purchase' and " ~ tag('category') ~ " = 'electronics'",
    value='revenue',
    unit='money',
    tags=['shop'],
    description='What a visitor spent on electronics.',
) }}
