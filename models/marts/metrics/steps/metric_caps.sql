{%- set keys = ['experiment_id', 'metric_name'] -%}

with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_cap
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

filled_observations as (
    select * from {{ ref('filled_observations') }}
),

-- A ratio's denominator is limited by bounds of its own: limiting the numerator alone would make
-- whoever has much of both look cheap.
limits as (
    select
        metric_name,
        'observation' as measure,
        cap_lower,
        cap_upper,
        cap_lower_percentile,
        cap_upper_percentile,
        is_cap_of_non_zero
    from metrics
    union all
    select
        metric_name,
        'denominator' as measure,
        denominator_cap_lower as cap_lower,
        denominator_cap_upper as cap_upper,
        denominator_cap_lower_percentile as cap_lower_percentile,
        denominator_cap_upper_percentile as cap_upper_percentile,
        is_denominator_cap_of_non_zero as is_cap_of_non_zero
    from metrics
),

measured as (
    select
        filled_observations.experiment_id,
        limits.*,
        case
            when limits.measure = 'observation' then filled_observations.observation
            else filled_observations.denominator
        end as measured_value
    from filled_observations
    inner join limits on filled_observations.metric_name = limits.metric_name
),

ranked as (
    select
        measured.*,
        row_number() over (
            partition by {{ prefixed('measured', keys + ['measure']) | join(', ') }}
            order by measured.measured_value
        ) as value_rank,
        count(*) over (
            partition by {{ prefixed('measured', keys + ['measure']) | join(', ') }}
        ) as value_count
    from measured
    where
        measured.measured_value is not null
        and not (measured.is_cap_of_non_zero and measured.measured_value = 0)
),

-- The percentiles are of all variations together: a cap must not depend on the variation.
percentiles as (
    select
        {{ (keys + ['measure']) | join(',\n        ') }},
        {{ quantile_by_rank('measured_value', 'cap_lower_percentile') }} as lower_bound,
        {{ quantile_by_rank('measured_value', 'cap_upper_percentile') }} as upper_bound
    from ranked
    group by {{ (keys + ['measure']) | join(', ') }}
),

bounds as (
    select
        {{ prefixed('used_metrics', keys) | join(',\n        ') }},
        limits.measure,
        coalesce(limits.cap_lower, percentiles.lower_bound) as lower_bound,
        coalesce(limits.cap_upper, percentiles.upper_bound) as upper_bound
    from used_metrics
    inner join limits on used_metrics.metric_name = limits.metric_name
    left join percentiles
        on
            {{ same_columns('used_metrics', 'percentiles', keys) }}
            and limits.measure = percentiles.measure
),

-- Bounds that cross would turn the order of values round; the upper one holds, as in numpy.
ordered as (
    select
        {{ (keys + ['measure']) | join(',\n        ') }},
        case when lower_bound > upper_bound then upper_bound else lower_bound end as lower_bound,
        upper_bound
    from bounds
),

caps as (
    select
        {{ keys | join(',\n        ') }},
        max(case when measure = 'observation' then lower_bound end) as lower_bound,
        max(case when measure = 'observation' then upper_bound end) as upper_bound,
        max(case when measure = 'denominator' then lower_bound end) as denominator_lower_bound,
        max(case when measure = 'denominator' then upper_bound end) as denominator_upper_bound
    from ordered
    group by {{ keys | join(', ') }}
)

select * from caps
