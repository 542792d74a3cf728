with

exposure_days as (
    select * from {{ ref('exposure_days') }}
),

experiments as (
    select * from {{ ref('dim_experiments') }}
),

preceded as (
    select
        experiment_id,
        calendar_date,
        first_seen_at,
        lag(calendar_date) over earlier as date_before,
        lag(last_seen_at) over earlier as seen_before_at
    from exposure_days
    window earlier as (partition by experiment_id order by calendar_date)
),

-- A night is no break, however short the window: a whole day has to lie in it.
breaks as (
    select
        preceded.experiment_id,
        experiments.attribution_window_hours,
        preceded.calendar_date as restart_date,
        case
            when {{ days_between('preceded.date_before', 'preceded.calendar_date') }} > 1
                then {{ hours_between('preceded.seen_before_at', 'preceded.first_seen_at') }}
            else 0e0
        end as break_hours
    from preceded
    inner join experiments on preceded.experiment_id = experiments.experiment_id
),

ranked as (
    select
        experiment_id,
        attribution_window_hours,
        restart_date,
        break_hours,
        sum(case when break_hours > attribution_window_hours then 1 else 0 end)
            over (partition by experiment_id) as check_value,
        row_number() over (
            partition by experiment_id
            order by break_hours desc, restart_date asc
        ) as place
    from breaks
),

findings as (
    select * from ranked
    where place = 1
),

{{ health_check(
    name='restarts',
    title='Restarts',
    looks_at='breaks',
    threshold=1,
    warn='value >= threshold',
    found='Breaks without an exposure of a day and longer than the window of
        {attribution_window_hours:1} hours: {value}.',
    remedy='The longest, of {break_hours:1} hours, ended on {restart_date:date}. If the experiment
        was started anew under its id, its runs are mixed up: give the experiment a start or an
        end so that one of them is left.',
    missing='No exposure could expose anybody.',
) }}

select * from checked
