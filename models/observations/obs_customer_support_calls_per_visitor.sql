{{ metric_observations(
    name='Customer support calls per visitor',
    type='count',
    source=ref('experiment_calls'),
    direction='decrease',
    tags=['shop'],
    description='Calls that a visitor made to customer support.',
) }}
