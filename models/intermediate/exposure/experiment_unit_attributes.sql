with

units as (
    select * from {{ ref('experiment_units') }}
),

exposures as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

first_exposures as (
    select
        units.experiment_id,
        units.unit_id,
        exposures.attributes
    from units
    inner join exposures on units.exposure_id = exposures.exposure_id
),

attributes as (
    {{ unnest_attributes('first_exposures', ['experiment_id', 'unit_id']) | indent(4) }}
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
        end as attribute_name,
        attribute_value
    from attributes
),

-- An attribute given twice counts once, by its smallest value, whatever order it came in.
-- Optimizely's own bookkeeping is no attribute of the visitor.
described as (
    select
        experiment_id,
        unit_id,
        attribute_name,
        min(attribute_value) as attribute_value
    from named
    where
        attribute_value is not null
        and attribute_name is not null
        and attribute_name not like '$opt!_%' escape '!'
        and coalesce(attribute_type, '') <> 'metadata'
    group by experiment_id, unit_id, attribute_name
)

select * from described
