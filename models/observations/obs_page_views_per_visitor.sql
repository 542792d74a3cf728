{{ metric_observations(
    name='Page views per visitor',
    type='count',
    source=ref('experiment_events'),
    where="event_name = 'page_view'",
    cap={'upper_percentile': 0.99},
    cuped=true,
    is_guardrail=true,
    non_inferiority_margin=0.05,
    owner='studio',
    tags=['engagement'],
    description='Pages of the studio that a visitor looked at. It should not fall by more than 5%.',
) }}
