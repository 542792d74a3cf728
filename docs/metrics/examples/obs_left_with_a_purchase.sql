{{ metric_observations(
    name='Left with a purchase',
    type='unit_count',
    rollup='latest',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    description='Share of visitors who bought something on the last day they were seen.',
) }}
