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

{{ unusable_rows_check(
    name='unusable_exposures',
    title='Exposures that can not be used',
    found='{unusable_count} of {row_count} exposure rows ({value:%}) can not be used:
        {reasons:text}.',
    remedy='Whoever they are is lost to the experiment, and may be unlike the others: correct what
        writes the rows.',
    missing='No exposure was delivered.',
) }}

select * from checked
