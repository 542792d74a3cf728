{#- CTEs that end in `rates`: a chi-square test per group of whether a part of the whole is as
    large in each variation. There is no p-value where some variation should have fewer than 5 in
    the part or outside it, by the rate of all: the test is not right there. counts: text, a CTE of
    one row per group and variation; group_by: list of text, never null; affected, total: text, its
    columns with the part and the whole. -#}
{% macro rate_tests(counts, group_by, affected, total) %}
{%- set groups = group_by | join(', ') -%}
pooled as (
    select
        {{ group_by | join(',\n        ') }},
        cast({{ affected }} as {{ type_double() }}) as affected_count,
        cast({{ total }} as {{ type_double() }}) as total_count,
        cast(sum({{ affected }}) over (partition by {{ groups }}) as {{ type_double() }})
        / cast(sum({{ total }}) over (partition by {{ groups }}) as {{ type_double() }})
            as pooled_rate
    from {{ counts }}
    where {{ total }} > 0
),

rate_distances as (
    select
        {{ group_by | join(',\n        ') }},
        sum(
            (affected_count - total_count * pooled_rate)
            * (affected_count - total_count * pooled_rate)
            / (total_count * pooled_rate * (1 - pooled_rate))
        ) as chi_square,
        count(*) - 1 as degrees_of_freedom,
        min(
            total_count * case when pooled_rate < 0.5e0 then pooled_rate else 1 - pooled_rate end
        ) as smallest_expected_count,
        sum(affected_count) as affected_count,
        sum(total_count) as total_count,
        min(affected_count / total_count) as lowest_rate,
        max(affected_count / total_count) as highest_rate
    from pooled
    where pooled_rate > 0 and pooled_rate < 1
    group by {{ groups }}
),

rates as (
    select
        {{ group_by | join(',\n        ') }},
        affected_count,
        total_count,
        lowest_rate,
        highest_rate,
        {{ chi_square_sf('chi_square', 'degrees_of_freedom') }} as p_value
    from rate_distances
    where smallest_expected_count >= 5
)
{%- endmacro %}
