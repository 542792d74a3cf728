{{ metric_observations(
    name='Revenue per purchase',
    type='ratio',
    source=ref('experiment_events'),
    numerator={'type': 'sum', 'value': 'revenue', 'where': "event_name = 'purchase'"},
    denominator={'type': 'count', 'where': "event_name = 'purchase'"},
    unit='money',
    description='Revenue of a variation divided by its purchases.',
) }}
