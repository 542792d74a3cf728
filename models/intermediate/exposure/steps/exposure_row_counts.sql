with

exposures as (
    select * from {{ ref('delivered_exposures') }}
    where not {{ is_blank('experiment_id') }} and not {{ is_blank('variation_id') }}
),

experiments as (
    select * from {{ ref('stg_experiments') }}
),

assigned as (
    select
        exposures.experiment_id,
        {{ pooled_variation('exposures.variation_id') | trim }} as variation_id,
        case when exposures.rejection_reason is null then exposures.exposure_id end as exposure_id,
        exposures.rejection_reason,
        {{ randomised_unit('exposures', 'experiments') }} as unit_id
    from exposures
    left join experiments on exposures.experiment_id = experiments.experiment_id
),

-- A row without an id has no copies.
copies as (
    select
        experiment_id,
        variation_id,
        exposure_id,
        min(unit_id) as unit_id,
        count(*) as row_count,
        sum(case when rejection_reason is null then 0 else 1 end) as rejected_row_count
    from assigned
    group by experiment_id, variation_id, exposure_id
),

counted as (
    select
        experiment_id,
        variation_id,
        sum(row_count) as row_count,
        sum(rejected_row_count) as rejected_row_count,
        count(distinct case when exposure_id is not null then unit_id end) as visitor_count,
        count(distinct case when exposure_id is not null and row_count > 1 then unit_id end)
            as duplicated_visitor_count
    from copies
    group by experiment_id, variation_id
),

typed as (
    select
        experiment_id,
        variation_id,
        cast(row_count as bigint) as row_count,
        cast(rejected_row_count as bigint) as rejected_row_count,
        visitor_count,
        duplicated_visitor_count
    from counted
)

select * from typed
