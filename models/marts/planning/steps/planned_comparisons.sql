{{ config(enabled=is_planned()) }}
{%- set shares = planned_shares() -%}

with

estimates as (
    select * from {{ ref('baseline_estimates') }}
    where status = 'ok'
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

-- Variations of one share need one number of units.
arms as (
    {% for share in shares[1:] | unique %}
        select
            {{ double_literal(share) }} as own_share,
            {{ double_literal(shares[0]) }} as reference_share
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

tests as (
    {% for test in ['fixed', 'sequential'] %}
        select
            '{{ test }}' as test,
            {{ double_literal(comparison_alpha(test)) }} as comparison_alpha
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- Of n units that count, all variations together, a lift has the standard error sqrt(spread / n)
-- and the skewness skewness / sqrt(n).
compared as {{ materialized() }} (
    select
        estimates.metric_name,
        estimates.estimator,
        tests.test,
        tests.comparison_alpha,
        arms.own_share,
        arms.reference_share,
        arms.own_share + arms.reference_share as pair_share,
        abs(estimates.metric_value) as value_size,
        estimates.unit_count,
        estimates.counted_share,
        estimates.effective_share,
        estimates.tied_share,
        metrics.quantile_level,
        least(metrics.quantile_level, 1 - metrics.quantile_level) as rare_share,
        estimates.variance * (1 / arms.own_share + 1 / arms.reference_share) as spread,
        abs(
            estimates.unit_skewness * (1 / arms.own_share - 1 / arms.reference_share)
        ) / sqrt(1 / arms.own_share + 1 / arms.reference_share) as skewness,
        least(arms.own_share, arms.reference_share) as smaller_share,
        {{ normal_isf('tests.comparison_alpha / 2e0') }} as fixed_quantile,
        {{ normal_isf('(1e0 - ' ~ setting_literal('power') ~ ')') }} as power_z
    from estimates
    inner join metrics on estimates.metric_name = metrics.metric_name
    cross join arms
    cross join tests
),

-- How many units each guard asks for: those of absolute_lifts and of quantile_ranks, and what a
-- variation should have at least.
guarded as {{ materialized() }} (
    select
        *,
        {{ setting_literal('min_units_per_variation') }} * counted_share
        / {{ double_literal(shares | min) }} as few_units,
        power(skewness / {{ setting_literal('lift_skewness_limit') }}, 2) as skewed_units,
        case when effective_share < 0.599e0 then 50 / effective_share / smaller_share else 0e0 end
            as denominator_units,
        coalesce(power((
            {{ normal_isf('0.025e0') }} * sqrt(rare_share * (1 - rare_share))
            + sqrt(3.85e0 * rare_share * (1 - rare_share) + 4 * rare_share)
        ) / (2 * rare_share), 2) / smaller_share, 0e0) as rank_units
    from compared
),

comparisons as (
    select
        *,
        greatest(few_units, skewed_units, denominator_units, rank_units) as least_units,
        case greatest(few_units, skewed_units, denominator_units, rank_units)
            when few_units then 'min_units_per_variation'
            when skewed_units then 'lift_skewness_limit'
            when denominator_units then 'denominators'
            else 'quantile_ranks'
        end as least_units_rule,
        -- How much farther than its quantiles a skewed lift must be from 0, by its skewness.
        {% if var('skewness_correction') -%}
            case when test = 'fixed' then fixed_quantile / 3 + power_z / 6 else power_z / 2 end
        {%- else -%}
            power_z / 2
        {%- endif %} as skewness_weight,
        {{ look_scale_of_unit('comparison_alpha') }} * pair_share as look_scale_of_unit
    from guarded
)

select * from comparisons
