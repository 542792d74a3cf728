with

delivered as (
    select * from {{ ref('delivered_exposures') }}
    where not {{ is_blank('experiment_id') }}
),

experiments as (
    select * from {{ ref('stg_experiments') }}
),

-- A row that names no variation may be anybody's: lost_exposures counts its visitor.
explained as (
    select
        delivered.experiment_id,
        case
            when delivered.rejection_reason = 'missing_variation_id' then null
            when delivered.rejection_reason is not null then delivered.rejection_reason
            when
                experiments.randomisation_unit = 'session_id'
                and {{ is_blank('delivered.session_id') }}
                then 'missing_session_id'
        end as reason
    from delivered
    left join experiments on delivered.experiment_id = experiments.experiment_id
),

counted as (
    select
        experiment_id,
        reason,
        count(*) as row_count
    from explained
    group by experiment_id, reason
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
    name='unusable_exposures',
    title='Exposures that can not be used',
    looks_at='share of rows',
    threshold='unusable_fail_share',
    threshold_rule='share',
    fail='value > threshold and unusable_count >= 5',
    warn='value > threshold',
    found='{unusable_count} of {row_count} exposure rows ({value:%}) can not be used:
        {reasons:text}.',
    remedy='Whoever they are is lost to the experiment, and may be unlike the others: correct what
        writes the rows. experiment_exclusions counts them by reason.',
    missing='No exposure was delivered.',
) }}

select * from checked
