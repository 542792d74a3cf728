{{ config(enabled=is_read('stg_tables__exposures')) }}
{%- set given = given_plain_columns('exposures') -%}
{%- set columns = plain_columns('exposures', given) -%}
{%- set attributes = plain_attributes(given) -%}

with

source as (
    select * from {{ plain_relation('exposures') }}
),

typed as (
    select
        {{ plain_value('exposure_id', columns, dbt.type_string()) }} as given_id,
        {% if 'experiment_id' in columns -%}
            {{ plain_value('experiment_id', columns, dbt.type_string()) }}
        {%- else -%}
            {{ string_literal(var('exposures_experiment_id')) }}
        {%- endif %} as experiment_id,
        {{ plain_value('variation_id', columns, dbt.type_string()) }} as variation_id,
        {{ plain_value('visitor_id', columns, dbt.type_string()) }} as visitor_id,
        {{ plain_value('session_id', columns, dbt.type_string()) }} as session_id,
        {{ plain_value('exposed_at', columns, dbt.type_timestamp()) }} as exposed_at,
        {{ plain_value('processed_at', columns, dbt.type_timestamp()) }} as processed_at,
        {{ plain_value('is_holdback', columns, 'boolean') }} as is_holdback,
        {{ plain_value('is_bot', columns, 'boolean') }} as is_bot
        {%- for name in attributes %},
            {{ to_text('source.' ~ adapter.quote(name)) }} as attribute_{{ loop.index }}
        {%- endfor %}
    from source
),

-- Rows that say the same of a visitor at one time are copies, where no id tells them apart.
identified as (
    select
        case
            when not {{ is_blank('given_id') }} then given_id
            else {{ hash_key(['experiment_id', 'visitor_id', 'variation_id', 'exposed_at']) }}
        end as exposure_id,
        typed.*
    from typed
),

checked as (
    select
        identified.*,
        {{ rejection_reason('exposures') }} as rejection_reason
    from identified
)

select * from checked
