with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

delivered as (
    select * from {{ ref('delivered_events') }}
),

days as (
    select
        cast(occurred_at as date) as calendar_date,
        rejection_reason as reason,
        count(*) as row_count
    from delivered
    group by cast(occurred_at as date), rejection_reason
),

-- An event without a time may be of any day.
counted as (
    select
        experiments.experiment_id,
        days.reason,
        sum(days.row_count) as row_count
    from experiments
    inner join days
        on
            days.calendar_date is null
            or days.calendar_date between cast(experiments.first_exposed_at as date)
            and cast(experiments.last_window_ends_at as date)
    group by experiments.experiment_id, days.reason
),

{{ unusable_rows_check(
    name='unusable_events',
    title='Events that can not be used',
    found='{unusable_count} of {row_count} event rows during the experiment ({value:%}) can not be
        used: {reasons:text}.',
    remedy='What units did is missing: correct what writes the rows.',
    missing='No event was delivered for the days of the experiment.',
) }}

select * from checked
