with

units as (
    select * from {{ ref('experiment_units') }}
),

decisions as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

-- Attributes of Web experiments have no name: their type names the segment.
attributes as (
    select
        units.experiment_id,
        units.unit_id,
        case
            when {{ is_blank('attribute.name') }} then attribute.type
            else attribute.name
        end as segment_name,
        attribute.type as attribute_type,
        attribute.value as segment_value
    from units
    inner join decisions on units.decision_id = decisions.decision_id
    {{ join_attributes('decisions.attributes') }}
),

-- An attribute given twice counts once, by its smallest value, whatever order it came in.
-- Optimizely's own bookkeeping is no attribute of the visitor.
described as (
    select
        experiment_id,
        unit_id,
        segment_name,
        min(segment_value) as segment_value
    from attributes
    where
        segment_value is not null
        and segment_name is not null
        and segment_name not like '$opt!_%' escape '!'
        and coalesce(attribute_type, '') <> 'metadata'
    group by experiment_id, unit_id, segment_name
)

select * from described
