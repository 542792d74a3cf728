{%- set doors = {
    'exposures': exposure_models(), 'events': event_models(), 'calls': call_models(),
} -%}
{%- set times = [] -%}
{%- for door, models in doors.items() -%}
    {%- for model_name in models if model_name not in delivered_models() -%}
        {%- set given = columns_of(ref(model_name)) -%}
        {%- for name, column in door_columns(door).items()
            if column.type == dbt.type_timestamp() and name in given -%}
            {%- do times.append([model_name, name]) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endfor -%}

with

times as (
    {%- for model_name, name in times %}
        select
            {{ string_literal(model_name) }} as model_name,
            {{ string_literal(name) }} as column_name,
            {{ to_text(name) }} as given_text,
            {{ to_timestamp(name) }} as read_at
        from {{ ref(model_name) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- else %}
        select
            '' as model_name,
            '' as column_name,
            '' as given_text,
            {{ given_as_of() }} as read_at
        where false
    {%- endfor %}
),

counted as (
    select
        model_name,
        column_name,
        min(case when read_at is null then given_text end) as example,
        count(case when read_at is null then 1 end) as unreadable_count,
        count(*) as given_count
    from times
    where not {{ is_blank('given_text') }}
    group by model_name, column_name
),

unreadable as (
    select * from counted
    where unreadable_count * 1000 > given_count
)

select * from unreadable
