with

totals as (
    select * from {{ ref('variation_metrics') }}
),

segments as (
    select * from {{ ref('variation_metrics_by_segment') }}
),

attributes as (
    select distinct
        experiment_id,
        attribute_name
    from {{ ref('experiment_unit_attributes') }}
    where not {{ is_blank('attribute_value') }}
),

segment_names as (
    {{ text_rows(segments(), 'segment_name') | indent(4) }}
),

unasked_segments as (
    {{ text_rows(default_segments(), 'segment_name') | indent(4) }}
),

segment_sums as (
    select
        experiment_id,
        metric_name,
        variation_id,
        segment_name,
        sum(unit_count) as unit_count,
        sum(observation_sum) as observation_sum
    from segments
    group by experiment_id, metric_name, variation_id, segment_name
),

expected as (
    select
        totals.experiment_id,
        totals.metric_name,
        totals.variation_id,
        segment_names.segment_name,
        totals.unit_count,
        coalesce(totals.observation_sum, 0) as observation_sum
    from totals
    cross join segment_names
    left join unasked_segments on segment_names.segment_name = unasked_segments.segment_name
    left join attributes
        on
            totals.experiment_id = attributes.experiment_id
            and segment_names.segment_name = attributes.attribute_name
    where unasked_segments.segment_name is null or attributes.attribute_name is not null
),

compared as (
    select
        coalesce(expected.experiment_id, segment_sums.experiment_id) as experiment_id,
        coalesce(expected.metric_name, segment_sums.metric_name) as metric_name,
        coalesce(expected.variation_id, segment_sums.variation_id) as variation_id,
        coalesce(expected.segment_name, segment_sums.segment_name) as segment_name,
        coalesce(expected.unit_count, 0) as unit_count,
        coalesce(segment_sums.unit_count, 0) as unit_count_of_segments,
        coalesce(expected.observation_sum, 0) as observation_sum,
        coalesce(segment_sums.observation_sum, 0) as observation_sum_of_segments
    from expected
    full join segment_sums
        on
            expected.experiment_id = segment_sums.experiment_id
            and expected.metric_name = segment_sums.metric_name
            and expected.variation_id = segment_sums.variation_id
            and expected.segment_name = segment_sums.segment_name
),

-- Floating-point sums depend on their order, in the last digits.
unequal as (
    select * from compared
    where
        unit_count <> unit_count_of_segments
        or abs(observation_sum - observation_sum_of_segments)
        > 0.000000001 * (1 + abs(observation_sum))
)

select * from unequal
