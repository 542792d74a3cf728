with

experiments as (
    select * from {{ ref('dim_experiments') }}
    where first_exposed_at is not null
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

decision_days as (
    select * from {{ ref('decision_days') }}
),

event_days as (
    select * from {{ ref('source_days') }}
    where source_name = 'events'
),

call_days as (
    select * from {{ ref('source_days') }}
    where source_name = 'calls'
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
            numbers.day_number
            <= {{ days_between('experiments.first_exposed_at', 'experiments.as_of_at') }}
            and numbers.day_number
            <= {{ days_between('experiments.first_exposed_at', 'experiments.last_window_ends_at') }}
),

described as (
    select
        days.experiment_id,
        days.calendar_date,
        days.calendar_date <= cast(days.last_exposed_at as date) as is_exposure_day,
        days.calendar_date < cast(days.as_of_at as date) as is_over,
        coalesce(decision_days.row_count, 0) as decision_count,
        coalesce(event_days.row_count, 0) as event_count,
        coalesce(event_days.matched_row_count, 0) as matched_event_count,
        event_days.latest_at as latest_event_at,
        coalesce(call_days.row_count, 0) as call_count,
        coalesce(call_days.matched_row_count, 0) as matched_call_count,
        {%- for column in ['processed_row_count', 'late_row_count', 'future_row_count'] %}
        coalesce(decision_days.{{ column }}, 0) + coalesce(event_days.{{ column }}, 0)
            as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from days
    left join decision_days
        on
            days.experiment_id = decision_days.experiment_id
            and days.calendar_date = decision_days.calendar_date
    left join event_days on days.calendar_date = event_days.calendar_date
    left join call_days on days.calendar_date = call_days.calendar_date
)

select * from described
