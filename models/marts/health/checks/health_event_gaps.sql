{{ gap_check(
    rows='event',
    days='is_over',
    name='event_gaps',
    title='Days without events',
    found='Whole days without an event of anybody, of {day_count}: {value}, which have
        {exposure_count} exposures.',
    remedy='The first is {first_gap_date:date}. See whether the export of events of these days was
        delivered: units of these days look as if they did nothing.',
    missing='Not checked: no day of the experiment is over.',
) }}
