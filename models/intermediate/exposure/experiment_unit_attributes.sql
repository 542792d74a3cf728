with

units as (
    select * from {{ ref('experiment_units') }}
),

attributes as (
    select * from {{ ref('all_exposure_attributes') }}
),

-- An attribute given twice counts once, by its smallest value that is not blank, whatever order it
-- came in. One that names no experiment is of the exposure in each.
described as (
    select
        units.experiment_id,
        units.unit_id,
        attributes.attribute_name,
        coalesce(
            min({{ blank_to_null('attributes.attribute_value') }}),
            min(attributes.attribute_value)
        ) as attribute_value
    from units
    inner join attributes
        on
            units.exposure_id = attributes.exposure_id
            and units.experiment_id = coalesce(attributes.experiment_id, units.experiment_id)
    where
        attributes.attribute_name is not null
        and attributes.attribute_value is not null
    group by units.experiment_id, units.unit_id, attributes.attribute_name
)

select * from described
