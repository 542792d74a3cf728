with

segment_units as (
    select * from {{ ref('variation_segment_units') }}
    where traffic_share > 0
),

-- Shares are divided by their sum; variations without a share, or with a share of 0, take no part.
planned as (
    select
        experiment_id,
        segment_name,
        segment_value,
        variation_name,
        cast(unit_count as {{ type_double() }}) as unit_count,
        sum(cast(unit_count as {{ type_double() }})) over segment
        * traffic_share / sum(traffic_share) over segment as expected_count
    from segment_units
    window segment as (partition by experiment_id, segment_name, segment_value)
),

distances as (
    select
        experiment_id,
        segment_name,
        segment_value,
        sum((unit_count - expected_count) * (unit_count - expected_count) / expected_count)
            as chi_square,
        count(*) - 1 as degrees_of_freedom,
        min(expected_count) as smallest_expected_count,
        max(
            case when unit_count > 0 then unit_count * ln(unit_count / expected_count) else 0 end
            - unit_count + expected_count
        ) as largest_deviance,
        {{ dbt.listagg(
            sentence('{variation_name:text} {unit_count} ({expected_count:1})'),
            "', '", 'order by variation_name'
        ) }} as split
    from planned
    where expected_count > 0
    group by experiment_id, segment_name, segment_value
),

tested as (
    select
        experiment_id,
        segment_name,
        segment_value,
        smallest_expected_count,
        split,
        {{ chi_square_sf('chi_square', 'degrees_of_freedom') }} as p_value,
        -- Chernoff's bound of both tails of every variation: right for any number of units.
        least(1, 2 * (degrees_of_freedom + 1) * {{ decay('largest_deviance') }}) as tail_bound
    from distances
)

select * from tested
