{{ gap_check(
    rows='exposure',
    days='is_exposure_day',
    name='exposure_gaps',
    title='Days without exposures',
    found='Days without an exposure, of {day_count} from the first to the last exposure: {value}.',
    remedy='The first is {first_gap_date:date}. See whether the export of these days was delivered,
        or the experiment was paused.',
    missing='No unit was exposed.',
) }}
