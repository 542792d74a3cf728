{{ metric_observations(
    name='Ever bought',
    type='unit_count',
    rollup='one_time',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    description='Share of visitors who bought something at any time after exposure.',
) }}
