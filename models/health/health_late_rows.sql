with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_row_count) as processed_row_count,
        sum(late_row_count) as row_count
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
    'late_rows',
    threshold=var('late_warn_share'),
    warn='value >= threshold',
        found='{row_count} of {processed_row_count} decisions and events ({value:%}) were processed
        more than ' ~ var('late_after_hours') ~ ' hours after they happened.',
    remedy='Results of past days still change: build later, or build past days again.',
    missing='Not checked: no decision or event of the experiment says when it was processed.',
) }}

select * from checked
