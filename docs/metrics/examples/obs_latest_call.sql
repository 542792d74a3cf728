{{ metric_observations(
    name='Latest call',
    type='latest',
    source=ref('experiment_calls'),
    value='call_duration_min',
    window_hours='none',
    default_value=none,
    direction='decrease',
    unit='minutes',
    description='How long the latest call of a visitor took, however late it came.',
) }}
