with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

guardrails as (
    select * from {{ ref('dim_metrics') }}
    where is_guardrail
),

counted as (
    select
        experiments.experiment_id,
        count(guardrails.metric_name) as guardrail_count
    from experiments
    left join used_metrics on experiments.experiment_id = used_metrics.experiment_id
    left join guardrails on used_metrics.metric_name = guardrails.metric_name
    group by experiments.experiment_id
),

findings as (
    select
        experiment_id,
        guardrail_count as check_value,
        case
            when guardrail_count = 0 then 'No guardrail is defined.'
            else {{ sentence('Guardrail metrics that are watched: {guardrail_count}.') }}
        end as watched
    from counted
),

{{ health_check(
    name='missing_guardrail',
    title='Guardrails',
    looks_at='guardrail metrics',
    threshold=1,
    warn='value < threshold',
    found='{watched:text}',
    remedy='Nothing tells whether a variation does harm: name a metric that must not get worse, such
        as page views or a latency, as a guardrail of this experiment.',
    missing='The experiment uses no metric.',
) }}

select * from checked
