{{ metric_observations(
    name='90th percentile of task latency',
    type='quantile',
    of='events',
    quantile=0.9,
    source=ref('experiment_events'),
    where="event_name = 'task_done'",
    value='value',
    direction='decrease',
    unit='milliseconds',
    owner='studio',
    tags=['engagement'],
    description='How long all but a tenth of the tasks take at most.',
) }}
