with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

exposure_days as (
    select * from {{ ref('exposure_days') }}
),

outcome_days as (
    select * from {{ ref('outcome_days') }}
),

days as (
    select
        experiments.experiment_id,
        experiments.last_exposed_at,
        experiments.as_of_at,
        {{ add_days('experiments.first_exposed_at', 'numbers.day_number') }} as calendar_date
    from experiments
    inner join numbers
        on
            numbers.day_number <= {{ days_between('first_exposed_at', 'as_of_at') }}
            and numbers.day_number <= {{ days_between('first_exposed_at', 'last_window_ends_at') }}
),

described as (
    select
        days.experiment_id,
        days.calendar_date,
        days.calendar_date <= cast(days.last_exposed_at as date) as is_exposure_day,
        days.calendar_date < cast(days.as_of_at as date) as is_over,
        coalesce(exposure_days.exposure_count, 0) as exposure_count,
        outcome_days.latest_event_at,
        coalesce(outcome_days.event_count, 0) as event_count,
        coalesce(outcome_days.matched_event_count, 0) as matched_event_count,
        coalesce(outcome_days.call_count, 0) as call_count,
        coalesce(outcome_days.matched_call_count, 0) as matched_call_count,
        coalesce(exposure_days.processed_row_count, 0) as processed_exposure_count,
        coalesce(exposure_days.late_row_count, 0) as late_exposure_count,
        coalesce(exposure_days.future_row_count, 0) as future_exposure_count,
        coalesce(outcome_days.processed_row_count, 0) as processed_event_count,
        coalesce(outcome_days.late_row_count, 0) as late_event_count,
        coalesce(outcome_days.future_row_count, 0) as future_event_count
    from days
    left join exposure_days
        on
            days.experiment_id = exposure_days.experiment_id
            and days.calendar_date = exposure_days.calendar_date
    left join outcome_days on days.calendar_date = outcome_days.calendar_date
)

select * from described
