{{ metric_observations(
    name='Sign-up funnel',
    type='funnel',
    source=ref('experiment_events'),
    steps=[
        {'name': 'page view', 'where': "event_name = 'page_view'"},
        {'name': 'visited sign-up', 'where': "event_name = 'visited_sign_up'"},
        {'name': 'sign-up', 'where': "event_name = 'sign_up'"},
    ],
    owner='growth',
    tags=['growth'],
    description='Visitors who saw a page, then opened the sign-up page, then signed up.',
) }}
