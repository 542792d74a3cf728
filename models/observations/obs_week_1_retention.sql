{{ metric_observations(
    name='Week-1 retention',
    type='retention',
    from_day=7,
    to_day=14,
    source=ref('experiment_events'),
    where="event_name in ('page_view', 'task_done')",
    owner='studio',
    tags=['engagement'],
    description='Share of visitors who saw a page or did a task 7 to 14 days after exposure.',
) }}
