{{ metric_observations(
    name='Purchase funnel',
    type='funnel',
    source=ref('experiment_events'),
    steps=[
        {'name': 'view', 'where': "event_name = 'detail_page_view'"},
        {'name': 'cart', 'where': "event_name = 'add_to_cart'"},
        {'name': 'purchase', 'where': "event_name = 'purchase'", 'within_hours': 24},
    ],
    description='Visitors who looked at a product, then put one into the cart, then bought.',
) }}
