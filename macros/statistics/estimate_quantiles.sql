{#- CTEs that end in `quantiles`: unit_count, metric_value and variance of each variation's quantile, as
    estimate_variations gives them for means. Of n values in order, the quantile nu is the
    ceil(n nu)-th, and its standard error is that of a normal distribution with the same 95 % interval,
    whose ends are values too: those of the ranks n nu -/+ z sqrt(n nu (1 - nu)), rounded outwards. Where
    a unit has several values, they are no independent ones: the variance grows as that of the
    share of the values up to the quantile does, which is a ratio over units.
    values: text, a CTE with the columns of quantile_values; keys: list of text, what it has beside
    experiment_id, metric_name, variation_id and unit_id. Reads the CTE metrics. -#}
{% macro estimate_quantiles(values, keys=[]) %}
    {%- set group = ['experiment_id', 'metric_name', 'variation_id'] + keys -%}
    {%- set spread = "z_95 * sqrt(value_count * quantile_level * (1 - quantile_level))" -%}
ordered_values as {{ experiment_metrics.materialized() }} (
    select
        {{ values }}.*,
        metrics.quantile_level,
        metrics.is_event_quantile,
        {{ experiment_metrics.normal_isf('0.025e0') }} as z_95,
        row_number() over (
            partition by {{ experiment_metrics.prefixed(values, group) | join(', ') }}
            order by {{ values }}.observed_value
        ) as value_rank,
        cast(
            count(*) over (partition by {{ experiment_metrics.prefixed(values, group) | join(', ') }})
            as {{ experiment_metrics.type_double() }}
        ) as value_count
    from {{ values }}
    inner join metrics on {{ values }}.metric_name = metrics.metric_name
),

value_ranks as {{ experiment_metrics.materialized() }} (
    select
        ordered_values.*,
        -- A product such as 0.07 * 100 is a little more than 7.
        greatest(ceil(value_count * quantile_level - 1e-9), 1) as quantile_rank,
        floor(value_count * quantile_level - {{ spread }}) as low_rank,
        ceil(value_count * quantile_level + {{ spread }}) as high_rank
    from ordered_values
),

order_statistics as {{ experiment_metrics.materialized() }} (
    select
        {{ group | join(',\n        ') }},
        quantile_level,
        is_event_quantile,
        z_95,
        value_count,
        max(case when value_rank = quantile_rank then observed_value end) as metric_value,
        max(case when value_rank = low_rank then observed_value end) as low_value,
        max(case when value_rank = high_rank then observed_value end) as high_value
    from value_ranks
    group by {{ group | join(', ') }}, quantile_level, is_event_quantile, z_95, value_count
),

unit_shares as (
    select
        {{ experiment_metrics.prefixed(values, group) | join(',\n        ') }},
        {{ values }}.unit_id,
        cast(count(*) as {{ experiment_metrics.type_double() }}) as value_count,
        cast(
            sum(
                case when {{ values }}.observed_value <= order_statistics.metric_value then 1 else 0 end
            ) as {{ experiment_metrics.type_double() }}
        ) as low_count
    from {{ values }}
    inner join order_statistics
        on
            {{ experiment_metrics.same_columns(values, 'order_statistics', group) }}
    group by
        {{ experiment_metrics.prefixed(values, group) | join(', ') }},
        {{ values }}.unit_id
),

share_moments as {{ experiment_metrics.materialized() }} (
    select
        {{ group | join(',\n        ') }},
        count(*) as unit_count,
        avg(value_count) as divisor,
        avg(low_count) / avg(value_count) as low_share,
        var_samp(low_count) as low_variance,
        var_samp(value_count) as count_variance,
        covar_samp(low_count, value_count) as count_covariance
    from unit_shares
    group by {{ group | join(', ') }}
),

quantile_errors as {{ experiment_metrics.materialized() }} (
    select
        {{ experiment_metrics.prefixed('order_statistics', group) | join(',\n        ') }},
        share_moments.unit_count,
        order_statistics.metric_value,
        (high_value - low_value) / (2 * z_95) as std_error,
        case
            when not is_event_quantile then 1e0
            else {{ experiment_metrics.ratio_variance(
                'low_variance', 'count_covariance', 'count_variance', 'low_share', 'divisor'
            ) }} / unit_count * value_count / (quantile_level * (1 - quantile_level))
        end as design_effect
    from order_statistics
    inner join share_moments
        on
            {{ experiment_metrics.same_columns('order_statistics', 'share_moments', group) }}
),

quantiles as (
    select
        {{ group | join(',\n        ') }},
        unit_count,
        metric_value,
        std_error * std_error * design_effect * unit_count as variance
    from quantile_errors
)
{%- endmacro %}


{#- The CTE `estimates`: means, ratios and quantiles in one, by estimator. keys: list of text, as those of
    estimate_quantiles. Reads the CTEs linear_moments and quantiles. -#}
{% macro union_estimates(keys=[]) %}
    {%- set group = ['experiment_id', 'metric_name', 'variation_id'] + keys -%}
estimates as (
    select
        {{ group | join(',\n        ') }},
        estimator,
        unit_count,
        metric_value,
        variance,
        observation_sum,
        denominator_sum
    from linear_moments
    union all
    select
        {{ group | join(',\n        ') }},
        'raw' as estimator,
        unit_count,
        metric_value,
        variance,
        null as observation_sum,
        null as denominator_sum
    from quantiles
)
{%- endmacro %}
