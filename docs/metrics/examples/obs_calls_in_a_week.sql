{{ metric_observations(
    name='Calls in a week',
    type='count',
    source=ref('experiment_calls'),
    window_days=7,
    direction='decrease',
    is_guardrail=true,
    tags=['support'],
    description='Calls that a visitor made to customer support in the first seven days.',
) }}
