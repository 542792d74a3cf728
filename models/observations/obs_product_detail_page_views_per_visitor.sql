{{ metric_observations(
    name='Product detail page views per visitor',
    type='count',
    source=ref('experiment_events'),
    where="event_name = 'detail_page_view'",
    tags=['shop'],
    description='Product detail pages that a visitor looked at.',
) }}
