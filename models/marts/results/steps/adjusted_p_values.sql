{%- set method = var('p_value_adjustment') -%}
{#- Values of a segment are adjusted together, each day by itself. -#}
{%- set family = [
    'experiment_id', 'reference_variation_id', 'slice_type', 'segment_name', 'as_of_date',
] | join(', ') -%}
{%- set headline = family ~ ', is_headline' -%}
{%- set estimator = family ~ ', estimator' -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

lift_tests as (
    select * from {{ ref('lift_tests') }}
),

p_values as (
    select
        comparisons.comparison_id,
        comparisons.experiment_id,
        comparisons.reference_variation_id,
        comparisons.slice_type,
        comparisons.segment_name,
        comparisons.as_of_date,
        comparisons.estimator,
        comparisons.is_headline,
        lift_tests.p_value
    from comparisons
    inner join lift_tests on comparisons.comparison_id = lift_tests.comparison_id
),

-- The headline rows of a family are adjusted among themselves; a row of another estimator among the
-- family's rows of that estimator, as if that one were read everywhere. Rows without a p-value do
-- not count. Equal p-values stay equal: a window without a frame ends with the last of the rows
-- that are equal in its order.
weighted as {{ materialized() }} (
    select
        *,
        {{ weighted_p_value(method, headline) }} as headline_p_value,
        {{ weighted_p_value(method, estimator) }} as estimator_p_value
    from p_values
),

adjusted as {{ materialized() }} (
    select
        *,
        case
            when is_headline then {{ running_p_value(method, 'headline_p_value', headline) }}
            else {{ running_p_value(method, 'estimator_p_value', estimator) }}
        end as running_p_value
    from weighted
),

adjusted_p_values as (
    select
        comparison_id,
        p_value,
        -- The product of a p-value and m / m may be a last digit less than the p-value.
        case when p_value is not null then greatest(p_value, least(running_p_value, 1)) end
            as adjusted_p_value
    from adjusted
)

select * from adjusted_p_values
