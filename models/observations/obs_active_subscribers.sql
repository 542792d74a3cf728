{{ metric_observations(
    name='Active subscribers',
    type='unit_count',
    rollup='latest',
    source=ref('unit_subscription_states'),
    where="subscription_state = 'active'",
    owner='growth',
    tags=['growth'],
    description='Share of visitors whose subscription was active when it was last reported.',
) }}
