with

counted as (
    {%- for model_name in exposure_models() + event_models() + call_models() %}
        select
            {{ string_literal(source_name(model_name)) }} as source_name,
            count(*) as raw_row_count
        from {{ raw_rows(model_name) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
)

select * from counted
