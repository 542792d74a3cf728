{%- set names = (var('segments') | join('*')).split('*') | map('trim') | select
    | unique(case_sensitive=true) | list -%}

with

attributes as (
    select distinct segment_name
    from {{ ref('experiment_unit_attributes') }}
),

segments as (
    {% for name in names %}
        select {{ string_literal(name) }} as attribute_name
        union all
    {% endfor %}
    select cast(null as {{ dbt.type_string() }}) as attribute_name
),

unknown as (
    select segments.attribute_name
    from segments
    left join attributes on segments.attribute_name = attributes.segment_name
    where segments.attribute_name is not null and attributes.segment_name is null
)

select * from unknown
