{{ config(materialized='view', enabled=is_read('stg_tables__exposure_attributes')) }}
{%- set attributes = plain_attributes(given_plain_columns('exposures')) -%}

{% for name in attributes -%}
    select
        experiment_id,
        exposure_id,
        {{ string_literal(name) }} as attribute_name,
        attribute_{{ loop.index }} as attribute_value
    from {{ portable(ref('stg_tables__exposures')) }}
    where not {{ is_blank('attribute_' ~ loop.index) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% else -%}
    select
        experiment_id,
        exposure_id,
        cast(null as {{ dbt.type_string() }}) as attribute_name,
        cast(null as {{ dbt.type_string() }}) as attribute_value
    from {{ portable(ref('stg_tables__exposures')) }}
    where false
{%- endfor %}
