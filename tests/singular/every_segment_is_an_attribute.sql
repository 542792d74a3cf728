{{ config(severity='warn') }}

{#- Those of `defaults` are nobody's misspelling. -#}
{%- set asked = segments() | reject('in', default_segments()) | list -%}
{%- set names = (asked | join('*')).split('*') | map('trim') | select
    | unique(case_sensitive=true) | list -%}

with

attributes as (
    select distinct attribute_name
    from {{ ref('experiment_unit_attributes') }}
    where not {{ is_blank('attribute_value') }}
),

segments as (
    {{ text_rows(names, 'attribute_name') | indent(4) }}
),

unknown as (
    select segments.attribute_name
    from segments
    left join attributes on segments.attribute_name = attributes.attribute_name
    where attributes.attribute_name is null
)

select * from unknown
