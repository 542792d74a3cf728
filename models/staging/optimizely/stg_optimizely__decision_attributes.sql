{{ config(materialized='view', enabled=is_read('stg_optimizely__decision_attributes')) }}

with

decisions as (
    select * from {{ portable(ref('stg_optimizely__decisions')) }}
),

attributes as (
    {{ unnest_attributes('decisions', ['experiment_id', 'exposure_id']) | indent(4) }}
),

-- Attributes of Web experiments have no name: their type names them.
named as (
    select
        experiment_id,
        exposure_id,
        attribute_type,
        case
            when {{ is_blank('attribute_name') }} then attribute_type
            else attribute_name
        end as attribute_name,
        attribute_value
    from attributes
),

-- Optimizely's own bookkeeping is no attribute of the visitor.
of_visitors as (
    select
        experiment_id,
        exposure_id,
        attribute_name,
        attribute_value
    from named
    where
        attribute_name is not null
        and attribute_name not like '$opt!_%' escape '!'
        and coalesce(attribute_type, '') <> 'metadata'
)

select * from of_visitors
