{{ metric_observations(
    name='Tasks per active user',
    type='ratio',
    source=ref('experiment_events'),
    numerator={'type': 'count', 'where': "event_name = 'task_done'"},
    denominator={'type': 'conversion', 'where': "event_name = 'task_done'"},
    cuped=true,
    owner='studio',
    tags=['engagement'],
    description='Tasks that visitors did, per visitor who did one.',
) }}
