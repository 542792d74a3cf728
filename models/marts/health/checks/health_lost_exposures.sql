with

exposures as (
    select * from {{ ref('enriched_exposures') }}
    where exclusion_reason in ('before_experiment', 'after_experiment')
),

delivered as (
    select * from {{ ref('delivered_exposures') }}
    where rejection_reason = 'missing_variation_id'
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

units as (
    select distinct
        experiment_id,
        visitor_id
    from {{ ref('experiment_units') }}
),

left_out as (
    select
        experiment_id,
        visitor_id,
        exclusion_reason as reason
    from exposures
    union all
    select
        delivered.experiment_id,
        delivered.visitor_id,
        delivered.rejection_reason as reason
    from delivered
    left join excluded_visitors on delivered.visitor_id = excluded_visitors.visitor_id
    where
        not coalesce(delivered.is_holdback, false)
        and not delivered.is_bot
        and excluded_visitors.visitor_id is null
),

-- A visitor who is a unit all the same, by another exposure, is not lost.
lost as (
    select
        left_out.experiment_id,
        left_out.visitor_id,
        min(left_out.reason) as reason
    from left_out
    left join units
        on
            left_out.experiment_id = units.experiment_id
            and left_out.visitor_id = units.visitor_id
    where units.visitor_id is null
    group by left_out.experiment_id, left_out.visitor_id
),

visitors as (
    select * from lost
    union all
    select
        experiment_id,
        visitor_id,
        null as reason
    from units
),

findings as (
    select
        experiment_id,
        count(*) as visitor_count,
        count(reason) as lost_count,
        count(case when reason = 'missing_variation_id' then 1 end) as unnamed_count,
        count(case when reason = 'before_experiment' then 1 end) as early_count,
        count(case when reason = 'after_experiment' then 1 end) as late_count,
        count(reason) * 1e0 / count(*) as check_value
    from visitors
    group by experiment_id
),

{{ health_check(
    name='lost_exposures',
    title='Exposed and not analysed',
    looks_at='share of visitors',
    threshold='lost_warn_share',
    threshold_rule='share',
    warn='value > threshold',
    found='{lost_count} of {visitor_count} exposed visitors ({value:%}) are not analysed:
        {unnamed_count} whose exposures name no variation, {early_count} exposed only before the
        experiment began, {late_count} only after it ended.',
    remedy='Those who are left may be unlike them: correct what writes exposures without a
        variation, and see whether the dates of the experiment are meant so.',
    missing='Nobody was exposed.',
) }}

select * from checked
