{{ metric_observations(
    name='Page views per visitor',
    type='count',
    source=ref('experiment_events'),
    where="event_name = 'page_view'",
    is_guardrail=true,
    unit='views',
    owner='studio',
    tags=['engagement'],
    description='Pages of the studio that a visitor looked at. It should not fall.',
) }}
