{%- set slice = ['experiment_id', 'metric_name', 'variation_id'] + slice_columns() -%}
{%- set spread = 'z_95 * sqrt(value_count * quantile_level * (1 - quantile_level))' -%}

with

quantile_values as (
    select * from {{ ref('quantile_values') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

ordered as {{ materialized() }} (
    select
        {{ prefixed('quantile_values', slice) | join(',\n        ') }},
        quantile_values.observed_value,
        metrics.quantile_level,
        {{ normal_isf('0.025e0') }} as z_95,
        row_number() over (
            partition by {{ prefixed('quantile_values', slice) | join(', ') }}
            order by quantile_values.observed_value
        ) as value_rank,
        cast(
            count(*) over (partition by {{ prefixed('quantile_values', slice) | join(', ') }})
            as {{ type_double() }}
        ) as value_count,
        count(*) over (
            partition by
                {{ prefixed('quantile_values', slice) | join(', ') }},
                quantile_values.observed_value
        ) as equal_count
    from quantile_values
    inner join metrics on quantile_values.metric_name = metrics.metric_name
),

-- The interval of 95 % reaches from one value to another, of ranks rounded outwards.
ranked as {{ materialized() }} (
    select
        *,
        -- A product such as 0.07 * 100 is a little more than 7.
        greatest(ceil(value_count * quantile_level - 1e-9), 1) as quantile_rank,
        floor(value_count * quantile_level - {{ spread }}) as low_rank,
        ceil(value_count * quantile_level + {{ spread }}) as high_rank
    from ordered
),

order_statistics as (
    select
        {{ slice | join(',\n        ') }},
        z_95,
        value_count,
        max(case when value_rank = quantile_rank then observed_value end) as metric_value,
        max(case when value_rank = low_rank then observed_value end) as low_value,
        max(case when value_rank = high_rank then observed_value end) as high_value,
        -- Values that are equal to one of the three, in parts of the ranks between the outer two.
        max(case when value_rank in (low_rank, quantile_rank, high_rank) then equal_count end)
        / max(high_rank - low_rank) as tied_share
    from ranked
    group by {{ slice | join(', ') }}, z_95, value_count
)

select * from order_statistics
