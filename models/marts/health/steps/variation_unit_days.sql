with

units as (
    select * from {{ ref('experiment_units') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

counted as (
    select
        experiment_id,
        variation_id,
        cast(exposed_at as date) as exposed_date,
        count(*) as unit_count
    from units
    group by experiment_id, variation_id, cast(exposed_at as date)
),

days as (
    select distinct
        experiment_id,
        exposed_date
    from counted
),

-- Every variation has every day on which any of the experiment had a new unit.
filled as (
    select
        days.experiment_id,
        variations.variation_id,
        variations.variation_name,
        variations.traffic_share,
        days.exposed_date,
        coalesce(counted.unit_count, 0) as unit_count
    from days
    inner join variations on days.experiment_id = variations.experiment_id
    left join counted
        on
            days.experiment_id = counted.experiment_id
            and variations.variation_id = counted.variation_id
            and days.exposed_date = counted.exposed_date
),

running as (
    select
        filled.*,
        cast(sum(filled.unit_count) over so_far as bigint) as cumulative_unit_count,
        cast(sum(filled.unit_count) over variation as bigint) as total_unit_count
    from filled
    window
        so_far as (partition by experiment_id, variation_id order by exposed_date),
        variation as (partition by experiment_id, variation_id)
)

select * from running
