{#- A query that gives each unit's value of each segment, no row where there is none. Reads the CTEs units
    and attributes. segments: list of text, see segment_values. -#}
{% macro segments_of_units(segments) %}
    {%- for segment in segments %}
{{ experiment_metrics.segment_values(segment) | trim }}
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- else %}
select
    units.experiment_id,
    units.unit_id,
    cast(null as {{ dbt.type_string() }}) as segment_name,
    cast(null as {{ dbt.type_string() }}) as segment_value
from units
where false
    {%- endfor %}
{% endmacro %}


{#- A query that gives each unit's value of a segment, '(not set)' where it has none or a blank one. Reads the CTEs
    units and attributes. segment: text, an attribute's name, or several of them crossed, as
    browser*country. -#}
{% macro segment_values(segment) %}
    {%- set names = segment.split('*') | map('trim') | list -%}
select
    units.experiment_id,
    units.unit_id,
    {{ experiment_metrics.string_literal(segment) }} as segment_name,
    {% for name in names -%}
    coalesce({{ experiment_metrics.blank_to_null(
        'attributes_' ~ loop.index ~ '.attribute_value'
    ) }}, '(not set)'){{ " || ' * ' || " if not loop.last }}
    {%- endfor %} as segment_value
from units
    {%- for name in names %}
left join attributes as attributes_{{ loop.index }}
    on
        units.experiment_id = attributes_{{ loop.index }}.experiment_id
        and units.unit_id = attributes_{{ loop.index }}.unit_id
        and attributes_{{ loop.index }}.attribute_name = {{ experiment_metrics.string_literal(name) }}
    {%- endfor %}
{% endmacro %}
