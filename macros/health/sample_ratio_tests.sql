{#- CTEs that end in `sample_ratios`: a chi-square test per group, without continuity correction,
    of the units of each variation against what they should be by its traffic_share. Shares are
    divided by their sum; variations without a share, or with a share of 0, take no part. A group
    has no p-value where fewer than two variations take part or none has units. counts: text, a CTE
    with variation_name, traffic_share, unit_count; group_by: list of text, never null. -#}
{% macro sample_ratio_tests(counts, group_by) %}
{%- set groups = group_by | join(', ') -%}
expected_counts as (
    select
        {{ group_by | join(',\n        ') }},
        variation_name,
        cast(unit_count as {{ type_double() }}) as unit_count,
        sum(cast(unit_count as {{ type_double() }})) over (partition by {{ groups }})
        * traffic_share / sum(traffic_share) over (partition by {{ groups }}) as expected_count
    from {{ counts }}
    where traffic_share > 0
),

distances as (
    select
        {{ group_by | join(',\n        ') }},
        sum((unit_count - expected_count) * (unit_count - expected_count) / expected_count)
            as chi_square,
        count(*) - 1 as degrees_of_freedom,
        min(expected_count) as smallest_expected_count,
        {{ dbt.listagg(
            sentence('{variation_name:text} {unit_count} ({expected_count:1})'),
            "', '", 'order by variation_name'
        ) }} as split
    from expected_counts
    where expected_count > 0
    group by {{ groups }}
),

sample_ratios as (
    select
        {{ group_by | join(',\n        ') }},
        smallest_expected_count,
        split,
        {{ chi_square_sf('chi_square', 'degrees_of_freedom') }} as p_value
    from distances
)
{%- endmacro %}
