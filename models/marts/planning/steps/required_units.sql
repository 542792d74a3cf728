{{ config(enabled=is_planned()) }}
{%- set key = ['metric_name', 'estimator', 'test', 'own_share'] -%}
{%- set terms = key + [
    'comparison_alpha', 'look_scale_of_unit', 'fixed_quantile', 'power_z', 'skewed_weight',
    'log_size',
] -%}

with

comparisons as (
    select * from {{ ref('planned_comparisons') }}
),

-- Of one unit the lift is so many standard errors; the search sets out from the test without looks
-- and skewness.
solution_0 as {{ materialized() }} (
    select
        {{ terms[:-2] | join(',\n        ') }},
        skewness_weight * skewness as skewed_weight,
        ln({{ setting_literal('target_relative_lift') }} * value_size / sqrt(spread)) as log_size,
        2 * ln(
            (fixed_quantile + power_z) * sqrt(spread)
            / ({{ setting_literal('target_relative_lift') }} * value_size)
        ) as log_units
    from comparisons
),

-- Newton's method for the logarithm of the number of units at which the lift is as many standard
-- errors as the test's quantile and that of the power together, and what skewness adds.
{% for step in range(1, 9) %}
    looked_{{ step }} as {{ materialized() }} (
        select
            *,
            exp(log_units) * look_scale_of_unit as look_scale,
            skewed_weight * exp(-log_units / 2) as skewed_part
        from solution_{{ step - 1 }}
    ),

    bounded_{{ step }} as {{ materialized() }} (
        select
            *,
            {{ planned_quantile() }} as test_quantile,
            case
                when test = 'fixed' then 0e0
                else 1 - (ln(1 + look_scale) - 2 * ln(comparison_alpha)) / look_scale
            end as squared_slope
        from looked_{{ step }}
    ),

    solution_{{ step }} as {{ materialized() }} (
        select
            {{ terms | join(',\n            ') }},
            log_units - (
                log_units / 2 + log_size - ln(test_quantile + power_z) - ln(1 + skewed_part)
            ) / (
                0.5e0
                - squared_slope / (2 * test_quantile * (test_quantile + power_z))
                + skewed_part / (2 * (1 + skewed_part))
            ) as log_units
        from bounded_{{ step }}
    ),
{% endfor %}

-- Of the variations, the one that needs most decides; a guard may ask for more than power.
needed as (
    select
        {{ prefixed('comparisons', key) | join(',\n        ') }},
        greatest(exp(solution_8.log_units), comparisons.least_units) as counted_units,
        case
            when exp(solution_8.log_units) >= comparisons.least_units then 'power'
            else comparisons.least_units_rule
        end as units_rule,
        comparisons.counted_share,
        comparisons.tied_share * sqrt(
            greatest(exp(solution_8.log_units), comparisons.least_units)
            * greatest(comparisons.own_share, comparisons.reference_share)
            / comparisons.unit_count
        ) as tied_share
    from comparisons
    inner join solution_8 on {{ same_columns('comparisons', 'solution_8', key) }}
),

ranked as (
    select
        *,
        max(tied_share) over (partition by metric_name, estimator, test) as most_tied_share,
        row_number() over (
            partition by metric_name, estimator, test order by counted_units desc, own_share desc
        ) as need_rank
    from needed
),

required as (
    select
        metric_name,
        estimator,
        test,
        units_rule,
        -- What is a whole number but for rounding is that.
        ceil(counted_units / counted_share * (1 - 1e-12)) as unit_count,
        most_tied_share as tied_share
    from ranked
    where need_rank = 1
)

select * from required
