{{ metric_observations(
    name='Total customer support minutes per visitor',
    type='sum',
    source=ref('experiment_calls'),
    value='call_duration_min',
    direction='decrease',
    unit='minutes',
    tags=['shop'],
    description='Time that a visitor spent on calls with customer support.',
) }}
