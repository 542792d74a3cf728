with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_row_count) as processed_row_count,
        sum(future_row_count) as row_count
    from days
    group by experiment_id
),

findings as (
    select
        experiment_id,
        processed_row_count,
        row_count,
        row_count * 1e0 / processed_row_count as check_value
    from summed
    where processed_row_count > 0
),

{{ health_check(
    'future_rows',
    threshold=var('future_warn_share'),
    warn='value >= threshold',
        found='{row_count} of {processed_row_count} decisions and events ({value:%}) were processed
        before they happened, by more than ' ~ var('clock_tolerance_hours') ~ ' hours.',
        remedy='Clocks or time zones are wrong where they are sent: correct them there, and set
        as_of, which is otherwise the latest time in the data.',
    missing='Not checked: no decision or event of the experiment says when it was processed.',
) }}

select * from checked
