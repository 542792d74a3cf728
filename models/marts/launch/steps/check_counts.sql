with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

checks as (
    select * from {{ ref('experiment_health') }}
),

-- A check that says anything but ok or warn, or nothing at all, fails.
judged as (
    select
        experiment_id,
        coalesce(status, 'fail') not in ('ok', 'warn') as is_failing,
        coalesce(status, 'fail') = 'warn' as is_warning,
        check_name
        || case when segment_value = '(all)' then '' else ', ' || segment_value end
        || ': '
        || coalesce(message, 'no message.') as finding
    from checks
),

-- The first by name stands for all in a decision's reason.
counts as (
    select
        experiments.experiment_id,
        count(judged.experiment_id) as check_count,
        count(case when judged.is_failing then 1 end) as failing_check_count,
        count(case when judged.is_warning then 1 end) as warning_check_count,
        min(case when judged.is_failing then judged.finding end) as failing_check
    from experiments
    left join judged on experiments.experiment_id = judged.experiment_id
    group by experiments.experiment_id
)

select * from counts
