with

units as (
    select * from {{ ref('experiment_units') }}
),

attributes as (
    select * from {{ ref('experiment_unit_attributes') }}
),

segmented as (
    {{ segments_of_units(segments()) | trim | indent(4) }}
),

-- What nobody has asked for splits no experiment in which nobody has it.
unasked_segments as (
    {{ text_rows(default_segments(), 'segment_name') | trim | indent(4) }}
),

value_sizes as (
    select
        experiment_id,
        segment_name,
        segment_value,
        row_number() over (
            partition by experiment_id, segment_name
            order by count(*) desc, segment_value
        ) as value_rank,
        count(*) over (partition by experiment_id, segment_name) as value_count
    from segmented
    group by experiment_id, segment_name, segment_value
),

-- The rarest values of an attribute with many make one segment.
cut as (
    select
        segmented.experiment_id,
        segmented.unit_id,
        segmented.segment_name,
        case
            when value_sizes.value_rank > {{ var('segment_value_limit') }} then '(other)'
            else segmented.segment_value
        end as segment_value
    from segmented
    inner join value_sizes
        on
            segmented.experiment_id = value_sizes.experiment_id
            and segmented.segment_name = value_sizes.segment_name
            and segmented.segment_value = value_sizes.segment_value
    left join unasked_segments on segmented.segment_name = unasked_segments.segment_name
    where
        unasked_segments.segment_name is null
        or value_sizes.value_count > 1
        or segmented.segment_value <> '(not set)'
)

select * from cut
