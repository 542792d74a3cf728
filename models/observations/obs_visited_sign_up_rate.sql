{{ metric_observations(
    name='Visited sign-up rate',
    type='conversion',
    source=ref('experiment_events'),
    where="event_name = 'visited_sign_up'",
    owner='growth',
    tags=['growth'],
    description='Share of visitors who opened the sign-up page.',
) }}
