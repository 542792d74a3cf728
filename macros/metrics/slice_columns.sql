{#- The columns that say of which units and days a row is: a slice of its experiment. Never null. -#}
{% macro slice_columns() %}
    {{- return(['slice_type', 'segment_name', 'segment_value', 'as_of_date']) -}}
{% endmacro %}
