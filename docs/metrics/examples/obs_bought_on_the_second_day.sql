{{ metric_observations(
    name='Bought on the second day',
    type='unit_count',
    rollup='window',
    start_day=1,
    end_day=2,
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    description='Share of visitors who bought something 24 to 48 hours after exposure.',
) }}
