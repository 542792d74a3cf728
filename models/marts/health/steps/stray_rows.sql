with

clock as (
    select * from {{ ref('analysis_clock') }}
    where {{ given_as_of() }} is null
),

experiments as (
    select * from {{ ref('dim_experiments') }}
),

exposures as (
    select
        experiment_id,
        {{ credible_time('exposed_at') }} as seen_at
    from {{ ref('enriched_exposures') }}
),

outcomes as (
    select {{ credible_time('occurred_at') }} as seen_at from {{ ref('all_events') }}
    union all
    select occurred_at as seen_at from {{ ref('all_calls') }}
),

stray_exposures as (
    select
        exposures.experiment_id,
        count(*) as row_count
    from exposures
    inner join clock on exposures.seen_at > clock.as_of_at
    group by exposures.experiment_id
),

stray_outcomes as (
    select count(*) as row_count
    from outcomes
    inner join clock on outcomes.seen_at > clock.as_of_at
),

counted as (
    select
        experiments.experiment_id,
        coalesce(stray_exposures.row_count, 0) as exposure_count,
        stray_outcomes.row_count as outcome_count
    from experiments
    cross join stray_outcomes
    left join stray_exposures on experiments.experiment_id = stray_exposures.experiment_id
),

found as (
    select * from counted
    where exposure_count + outcome_count > 0
)

select * from found
