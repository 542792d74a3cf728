{{ metric_observations(
    name='Cart rate',
    type='conversion',
    source=ref('experiment_events'),
    where="event_name = 'add_to_cart'",
    description='Share of visitors who put something into the cart.',
) }}
