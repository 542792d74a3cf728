with

scales as (
    select * from {{ ref('amount_scales') }}
    where calendar_date is not null
),

numbered as (
    select
        scales.*,
        row_number() over (
            partition by scales.experiment_id, scales.event_name, scales.amount_name
            order by scales.calendar_date
        ) as day_number
    from scales
),

-- The day before, and the one before that, since a change at noon makes a day of both.
pairs as (
    select
        late.experiment_id,
        late.event_name,
        late.amount_name,
        early.calendar_date as early_date,
        late.calendar_date as late_date,
        exp(early.log_mean) as early_amount,
        exp(late.log_mean) as late_amount,
        {{ scale_shift('late', 'early') | trim }}
    from numbered as late
    inner join numbered as early
        on
            late.experiment_id = early.experiment_id
            and late.event_name = early.event_name
            and late.amount_name = early.amount_name
            and late.day_number - early.day_number in (1, 2)
),

{{ largest_scale_shift(['late_date', 'early_date', 'event_name', 'amount_name']) }},

{{ health_check(
    name='revenue_scale_change',
    title='Scale of revenue by day',
    looks_at='ratio of typical amounts',
    threshold='scale_shift_ratio',
    threshold_rule='positive number',
    warn='value >= threshold and is_certain',
    found='The {amount_name:text} of {event_name:text} was typically {early_amount:2} on {early_date:date}
        and {late_amount:2} on {late_date:date}, a difference of {value:1} times.',
    remedy='See whether what sends it changed its unit, such as from cents to dollars: days of two
        units can not be summed.',
    missing='Not checked: no event has a revenue or value from 10 units on each of two days.',
) }}

select * from checked
