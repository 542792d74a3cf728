with

days as (
    select * from {{ ref('experiment_days') }}
    where is_over
),

name_days as (
    select * from {{ ref('event_name_days') }}
),

totals as (
    select
        calendar_date,
        max(total_visitor_count) as total_visitor_count
    from name_days
    group by calendar_date
),

-- An event that comes on fewer than half of its days has its own rhythm.
names as (
    select
        days.experiment_id,
        name_days.event_name,
        min(days.calendar_date) as first_date,
        max(days.calendar_date) as last_date
    from days
    inner join name_days on days.calendar_date = name_days.calendar_date
    group by days.experiment_id, name_days.event_name
    having
        2 * count(*)
        > {{ days_between('min(days.calendar_date)', 'max(days.calendar_date)') }}
),

filled as (
    select
        names.experiment_id,
        names.event_name,
        days.calendar_date,
        totals.total_visitor_count,
        name_days.visitor_count * 1e0 / name_days.total_visitor_count as visitor_share
    from names
    inner join days
        on
            names.experiment_id = days.experiment_id
            and days.calendar_date between names.first_date and names.last_date
    inner join totals on days.calendar_date = totals.calendar_date
    left join name_days
        on
            names.event_name = name_days.event_name
            and days.calendar_date = name_days.calendar_date
),

numbered as (
    select
        experiment_id,
        event_name,
        calendar_date,
        total_visitor_count,
        visitor_share,
        count(visitor_share) over (
            partition by experiment_id, event_name
            order by calendar_date
        ) as number_before,
        count(visitor_share) over (
            partition by experiment_id, event_name
            order by calendar_date desc
        ) as number_after
    from filled
),

-- What a day without the event should have had, by the rarer of the nearest days that have it.
expected as (
    select
        experiment_id,
        event_name,
        calendar_date,
        visitor_share,
        total_visitor_count * least(
            max(visitor_share) over (partition by experiment_id, event_name, number_before),
            max(visitor_share) over (partition by experiment_id, event_name, number_after)
        ) as expected_count
    from numbered
),

-- What is missing on the same day of the week a week before and after, too, rests on that day.
gaps as (
    select
        expected.experiment_id,
        expected.event_name,
        expected.calendar_date,
        expected.expected_count,
        row_number() over (
            partition by expected.experiment_id
            order by expected.calendar_date, expected.event_name
        ) as place
    from
        expected
    {%- for neighbour, days in [('week_before', -7), ('week_after', 7)] %}
        left join expected as {{ neighbour }}
            on
                expected.experiment_id = {{ neighbour }}.experiment_id
                and expected.event_name = {{ neighbour }}.event_name
                and {{ neighbour }}.calendar_date
                = {{ add_days('expected.calendar_date', days) }}
    {%- endfor %}
    where
        expected.visitor_share is null
        and expected.expected_count >= 10
        and (
            week_before.visitor_share is not null
            or week_after.visitor_share is not null
            or coalesce(week_before.calendar_date, week_after.calendar_date) is null
        )
),

counted as (
    select
        experiment_id,
        count(*) as gap_count,
        count(distinct event_name) as gap_name_count,
        max(case when place = 1 then event_name end) as first_name,
        max(case when place = 1 then calendar_date end) as first_date,
        max(case when place = 1 then expected_count end) as first_expected_count
    from gaps
    group by experiment_id
),

known as (
    select
        experiment_id,
        count(*) as name_count
    from names
    group by experiment_id
),

findings as (
    select
        known.experiment_id,
        known.name_count,
        coalesce(counted.gap_name_count, 0) as gap_name_count,
        coalesce(counted.gap_count, 0) as check_value,
        case
            when counted.gap_count > 0
                then {{ sentence(
                    ' The first is {counted.first_date:date}, on which {counted.first_name:text} should'
                    ~ ' have had some {counted.first_expected_count} visitors.'
                ) }}
            else ''
        end as first_gap
    from known
    left join counted on known.experiment_id = counted.experiment_id
),

{{ health_check(
    name='event_name_gaps',
    title='Days without an event that others have',
    looks_at='days',
    threshold='gap_warn_days',
    threshold_rule='positive number',
    warn='value >= threshold',
    found='Days without an event of a name that the days before and after have: {value}, of
        {gap_name_count} of {name_count} names.{first_gap:text}',
    remedy='See whether the export of that event was delivered for these days: units look as if they
        had not done it.',
    missing='Not checked: no event comes on most days of the experiment.',
) }}

select * from checked
