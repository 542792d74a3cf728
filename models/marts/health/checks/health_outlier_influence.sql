with

observed as (
    select * from {{ ref('observed_metrics') }}
    where row_kind = 'observation' and is_latest and observation <> 0
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where not is_quantile and not has_cap
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

ranked as (
    select
        observed.experiment_id,
        observed.metric_name,
        max(abs(observed.observation)) / sum(abs(observed.observation)) as largest_share,
        row_number() over (
            partition by observed.experiment_id
            order by
                max(abs(observed.observation)) / sum(abs(observed.observation)) desc,
                observed.metric_name
        ) as place
    from observed
    inner join metrics on observed.metric_name = metrics.metric_name
    inner join used_metrics
        on
            observed.experiment_id = used_metrics.experiment_id
            and observed.metric_name = used_metrics.metric_name
    group by observed.experiment_id, observed.metric_name
    having count(*) >= 10
),

findings as (
    select
        experiment_id,
        metric_name,
        largest_share as check_value
    from ranked
    where place = 1
),

{{ health_check(
    name='outlier_influence',
    title='Influence of one unit',
    looks_at="share of a metric's sum",
    threshold='outlier_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='The largest observation of {metric_name:text} is {value:%} of the sum of all.',
    remedy='One unit decides the mean: see who it is, leave it out as an excluded visitor if it is
        no customer, or give the metric a cap.',
    missing='Not checked: no metric without a cap has ten units with an observation other than 0.',
) }}

select * from checked
