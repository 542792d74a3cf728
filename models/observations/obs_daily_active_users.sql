{{ metric_observations(
    name='Daily active users',
    type='unit_count',
    rollup='daily',
    source=ref('experiment_events'),
    where="event_name in ('page_view', 'task_done')",
    owner='studio',
    tags=['engagement'],
    description='Share of the days since exposure on which a visitor saw a page or did a task.',
) }}
