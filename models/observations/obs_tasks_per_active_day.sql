{{ metric_observations(
    name='Tasks per active day',
    type='ratio',
    source=ref('experiment_events'),
    numerator={'type': 'count', 'where': "event_name = 'task_done'"},
    denominator={
        'type': 'count_distinct',
        'value': 'cast(occurred_at as date)',
        'where': "event_name in ('page_view', 'task_done')",
    },
    cuped=true,
    unit='tasks',
    owner='studio',
    tags=['engagement'],
    description='Tasks that visitors did, divided by the UTC days on which they saw a page or did one.',
) }}
