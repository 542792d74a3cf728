{%- set models = [] -%}
{%- for model_name in event_models() if model_name not in delivered_models() -%}
    {%- if 'revenue' in columns_of(ref(model_name)) -%}{%- do models.append(model_name) -%}{%- endif -%}
{%- endfor -%}

with

revenues as (
    {%- for model_name in models %}
        select {{ to_double(to_text('revenue')) }} as revenue
        from {{ ref(model_name) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- else %}
        select cast(null as {{ type_double() }}) as revenue
    {%- endfor %}
),

broken as (
    select revenue
    from revenues
    where revenue <> round(revenue)
)

select * from broken
