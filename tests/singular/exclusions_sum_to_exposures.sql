with

delivered as (
    select * from {{ ref('delivered_exposures') }}
    where not {{ is_blank('experiment_id') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

exclusions as (
    select * from {{ ref('experiment_exclusions') }}
),

counts as (
    select
        experiment_id,
        count(*) as delivered_count,
        0 as used_count,
        0 as excluded_count
    from delivered
    group by experiment_id
    union all
    select
        experiment_id,
        0 as delivered_count,
        count(*) as used_count,
        0 as excluded_count
    from units
    group by experiment_id
    union all
    select
        experiment_id,
        0 as delivered_count,
        0 as used_count,
        row_count as excluded_count
    from exclusions
),

summed as (
    select
        experiment_id,
        sum(delivered_count) as delivered_count,
        sum(used_count) as used_count,
        sum(excluded_count) as excluded_count
    from counts
    group by experiment_id
),

unreconciled as (
    select * from summed
    where delivered_count <> used_count + excluded_count
)

select * from unreconciled
