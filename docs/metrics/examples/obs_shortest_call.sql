{{ metric_observations(
    name='Shortest call',
    type='min',
    source=ref('experiment_calls'),
    value='call_duration_min',
    default_value=none,
    direction='decrease',
    unit='minutes',
    description='The shortest call of a visitor who called.',
) }}
