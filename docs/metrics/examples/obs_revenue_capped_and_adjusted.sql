{{ metric_observations(
    name='Revenue, capped and adjusted',
    type='sum',
    source=ref('experiment_events'),
    where="event_name = 'purchase'",
    value='revenue',
    cap={'upper_percentile': 0.99, 'over': 'non_zero'},
    window_days=2,
    cuped=true,
    cuped_days=7,
    unit='money',
    description='What a visitor spent, the largest hundredth cut, less what it had spent before.',
) }}
