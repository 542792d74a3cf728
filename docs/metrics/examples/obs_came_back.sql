{{ metric_observations(
    name='Came back',
    type='retention',
    from_day=1,
    to_day=2,
    source=[ref('experiment_events'), ref('experiment_calls')],
    description='Share of visitors who did anything 24 to 48 hours after exposure.',
) }}
