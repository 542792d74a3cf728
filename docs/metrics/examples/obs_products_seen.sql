{{ metric_observations(
    name='Products seen',
    type='count_distinct',
    source=ref('experiment_events'),
    where="event_name = 'detail_page_view'",
    value=tag('product'),
    description='Different products whose pages a visitor looked at.',
) }}
