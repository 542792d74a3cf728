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

findings as (
    select
        experiment_id,
        sum(case when reason is not null then row_count else 0 end) as unusable_count,
        sum(row_count) as row_count,
        coalesce({{ dbt.listagg(
            'case when reason is not null then ' ~ sentence('{reason:text} {row_count}') ~ ' end',
            "', '", 'order by row_count desc, reason'
        ) }}, 'none') as reasons,
        sum(case when reason is not null then row_count else 0 end) * 1e0 / sum(row_count)
            as check_value
    from counted
    group by experiment_id
),

{{ health_check(
    name='unusable_events',
    title='Events that can not be used',
    looks_at='share of rows',
    threshold='unusable_fail_share',
    threshold_rule='share',
    fail='value > threshold and unusable_count >= 5',
    warn='value > threshold',
    found='{unusable_count} of {row_count} event rows during the experiment ({value:%}) can not be
        used: {reasons:text}.',
    remedy='What units did is missing: correct what writes the rows.',
    missing='No event was delivered for the days of the experiment.',
) }}

select * from checked
