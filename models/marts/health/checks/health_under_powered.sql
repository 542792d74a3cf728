with

results as (
    select * from {{ ref('experiment_results') }}
    where is_primary and is_headline and target_power is not null
),

ranked as (
    select
        results.*,
        row_number() over (
            partition by results.experiment_id
            order by
                results.target_power, results.variation_name, results.variation_id
        ) as place
    from results
),

findings as (
    select
        experiment_id,
        variation_name,
        metric_name,
        {{ setting_literal('target_relative_lift') }} as target_lift,
        case
            when relative_minimum_detectable_effect < 1e15 then relative_minimum_detectable_effect
        end as visible_lift,
        days_to_target as missing_days,
        target_power as check_value
    from ranked
    where place = 1
),

{{ health_check(
    name='under_powered',
    title='Power',
    looks_at='probability',
    threshold='power',
    threshold_rule='probability',
    settings={'target_relative_lift': 'positive number'},
    warn='value < threshold',
    found='Of {variation_name:text}, a lift of {target_lift:%} of {metric_name:text} would be seen
        with a probability of {value:%}; {visible_lift:%} is what can be seen now.',
    remedy='What is not significant may be there all the same: it would take about {missing_days}
        more days, a metric with less variance (cap, cuped), or, if only a larger lift matters, a
        larger lift as the target.',
    missing='Not checked: there is no primary metric, its variance is not known, or its
        lift is too skewed for a test.',
) }}

select * from checked
