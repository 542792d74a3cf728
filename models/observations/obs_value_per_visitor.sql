{{ metric_observations(
    name='Value per visitor',
    type='sum',
    source=ref('experiment_events'),
    value='value',
    description='The sum of what came with a visitor\'s events, such as amounts.',
) }}
