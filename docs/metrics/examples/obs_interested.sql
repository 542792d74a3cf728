{{ metric_observations(
    name='Interested',
    type='any_of',
    source=ref('experiment_events'),
    conditions=[
        {'where': "event_name = 'detail_page_view'"},
        {'where': "event_name = 'add_to_cart'"},
    ],
    description='Share of visitors who looked at a product or put one into the cart.',
) }}
