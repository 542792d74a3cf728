{%- set slice = ['experiment_id', 'metric_name', 'variation_id'] + slice_columns() -%}

with

quantile_values as (
    select * from {{ ref('quantile_values') }}
),

ranks as (
    select * from {{ ref('quantile_ranks') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

unit_shares as (
    select
        {{ prefixed('quantile_values', slice) | join(',\n        ') }},
        quantile_values.unit_id,
        cast(count(*) as {{ type_double() }}) as value_count,
        cast(
            sum(case when quantile_values.observed_value <= ranks.metric_value then 1 else 0 end)
            as {{ type_double() }}
        ) as low_count
    from quantile_values
    inner join ranks
        on
            {{ same_columns('quantile_values', 'ranks', slice) }}
    group by {{ prefixed('quantile_values', slice) | join(', ') }}, quantile_values.unit_id
),

share_moments as {{ materialized() }} (
    select
        {{ slice | join(',\n        ') }},
        count(*) as unit_count,
        avg(value_count) as divisor,
        avg(low_count) / avg(value_count) as low_share,
        var_samp(low_count) as low_variance,
        var_samp(value_count) as count_variance,
        covar_samp(low_count, value_count) as count_covariance
    from unit_shares
    group by {{ slice | join(', ') }}
),

-- The values of one unit are no independent ones: the variance grows as that of the share of the
-- values up to the quantile does, which is a ratio over units.
quantile_errors as {{ materialized() }} (
    select
        {{ prefixed('ranks', slice) | join(',\n        ') }},
        share_moments.unit_count,
        ranks.metric_value,
        ranks.tied_share,
        (ranks.high_value - ranks.low_value) / (2 * ranks.z_95) as std_error,
        case
            when not metrics.is_event_quantile then 1e0
            else
                {{ ratio_variance(
                    'low_variance', 'count_covariance', 'count_variance', 'low_share', 'divisor'
                ) }}
                / share_moments.unit_count * ranks.value_count
                / (metrics.quantile_level * (1 - metrics.quantile_level))
        end as design_effect
    from ranks
    inner join metrics on ranks.metric_name = metrics.metric_name
    inner join share_moments
        on
            {{ same_columns('ranks', 'share_moments', slice) }}
),

estimates as (
    select
        {{ slice | join(',\n        ') }},
        unit_count,
        metric_value,
        std_error * std_error * design_effect * unit_count as variance,
        tied_share
    from quantile_errors
)

select * from estimates
