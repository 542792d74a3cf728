{{ metric_observations(
    name='First-day revenue',
    type='sum',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    window_hours=24,
    mature_only=true,
    unit='money',
    description='What a visitor spent in the first 24 hours; only visitors seen that long.',
) }}
