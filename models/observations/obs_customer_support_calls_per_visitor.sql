{{ metric_observations(
    name='Customer support calls per visitor',
    type='count',
    source=ref('experiment_calls'),
    direction='decrease',
    unit='calls',
    description='Calls that a visitor made to customer support.',
) }}
