with

units as (
    select * from {{ ref('experiment_units') }}
),

decisions as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

exposures as (
    select
        units.experiment_id,
        units.unit_id,
        decisions.attributes
    from units
    inner join decisions on units.decision_id = decisions.decision_id
),

attributes as (
    {{ unnest_attributes('exposures', ['experiment_id', 'unit_id']) | indent(4) }}
),

-- Attributes of Web experiments have no name: their type names the segment.
named as (
    select
        experiment_id,
        unit_id,
        attribute_type,
        case
            when {{ is_blank('attribute_name') }} then attribute_type
            else attribute_name
        end as segment_name,
        attribute_value as segment_value
    from attributes
),

-- An attribute given twice counts once, by its smallest value, whatever order it came in.
-- Optimizely's own bookkeeping is no attribute of the visitor.
described as (
    select
        experiment_id,
        unit_id,
        segment_name,
        min(segment_value) as segment_value
    from named
    where
        segment_value is not null
        and segment_name is not null
        and segment_name not like '$opt!_%' escape '!'
        and coalesce(attribute_type, '') <> 'metadata'
    group by experiment_id, unit_id, segment_name
)

select * from described
