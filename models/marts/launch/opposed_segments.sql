with

experiments as (
    select
        experiment_id,
        coalesce(as_of_at < planned_until_at, false) as is_running
    from {{ ref('dim_experiments') }}
),

results as (
    select * from {{ ref('experiment_results') }}
    where is_headline and is_primary and is_significant
),

segments as (
    select * from {{ ref('experiment_results_by_segment') }}
    where is_headline and is_primary and is_significant
),

-- The whole is better, and this part of it is worse.
opposed as (
    select segments.*
    from segments
    inner join results
        on
            segments.experiment_id = results.experiment_id
            and segments.metric_name = results.metric_name
            and segments.variation_id = results.variation_id
    inner join experiments on segments.experiment_id = experiments.experiment_id
    where
        case when results.direction = 'decrease' then -1 else 1 end * results.absolute_lift > 0
        and case when segments.direction = 'decrease' then -1 else 1 end * segments.absolute_lift
        < 0
        -- As long as an experiment runs, what is not clear at every look is not clear.
        and (
            not experiments.is_running
            or (results.is_sequentially_significant and segments.is_sequentially_significant)
        )
),

explained as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        metric_name,
        segment_name,
        segment_value,
        unit_count,
        absolute_lift,
        relative_lift,
        relative_lift_ci_low,
        relative_lift_ci_high,
        adjusted_p_value,
        {{ sentence('{metric_name:text} is worse where {segment_name:text} is
            {segment_value:text}: ') }}
        || {{ lift_text() }}
        || {{ sentence(', adjusted p {adjusted_p_value:p}.') }} as explanation,
        row_number() over (
            partition by experiment_id, variation_id
            order by adjusted_p_value, segment_name, segment_value
        ) as place
    from opposed
)

select * from explained
