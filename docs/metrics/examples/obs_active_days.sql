{{ metric_observations(
    name='Active days',
    type='unit_count',
    rollup='daily',
    source=ref('experiment_events'),
    where="event_name = 'homepage_view'",
    description='Share of the days since exposure on which a visitor opened the home page.',
) }}
