{{ metric_observations(
    name='Viewed and called',
    type='all_of',
    conditions=[
        {'source': ref('experiment_events'), 'where': "event_name = 'detail_page_view'"},
        {'source': ref('experiment_calls'), 'where': "call_duration_min >= 1"},
    ],
    direction='decrease',
    description='Share of visitors who looked at a product and talked to customer support.',
) }}
