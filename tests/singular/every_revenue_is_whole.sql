{%- set cells = [] -%}
{%- for model_name in event_models() if model_name not in delivered_models() -%}
    {%- for name in ['revenue', 'quantity'] if name in columns_of(ref(model_name)) -%}
        {%- do cells.append([model_name, name]) -%}
    {%- endfor -%}
{%- endfor -%}

with

numbers as (
    {%- for model_name, name in cells %}
        select
            {{ string_literal(model_name) }} as model_name,
            {{ string_literal(name) }} as column_name,
            {{ to_double(to_text(name)) }} as number
        from {{ ref(model_name) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- else %}
        select
            '' as model_name,
            '' as column_name,
            cast(null as {{ type_double() }}) as number
    {%- endfor %}
),

broken as (
    select * from numbers
    where number <> round(number)
)

select * from broken
