{{ config(enabled=is_read('stg_tables__exposures')) }}
{%- set given = given_plain_columns('exposures') -%}
{%- set columns = plain_columns('exposures', given) -%}
{%- set attributes = plain_attributes(given) -%}
{%- set experiment_id = plain_value('experiment_id', columns, dbt.type_string())
    if 'experiment_id' in columns else string_literal(var('exposures_experiment_id')) -%}

with

source as (
    select * from {{ plain_relation('exposures') }}
),

typed as (
    select
        {{ plain_value('exposure_id', columns, dbt.type_string()) }} as given_id,
        {{ experiment_id }} as experiment_id,
        {{ plain_value('variation_id', columns, dbt.type_string()) }} as variation_id,
        {{ plain_value('visitor_id', columns, dbt.type_string()) }} as visitor_id,
        {{ plain_value('session_id', columns, dbt.type_string()) }} as session_id,
        {{ plain_value('exposed_at', columns, dbt.type_timestamp()) }} as exposed_at,
        {{ plain_value('processed_at', columns, dbt.type_timestamp()) }} as processed_at,
        {{ plain_value('is_holdback', columns, 'boolean') }} as is_holdback,
        {%- for name in attributes %}
            {{ to_text(plain_column(name)) }} as attribute_{{ loop.index }},
        {%- endfor %}
        {{ plain_value('is_bot', columns, 'boolean') }} as is_bot
    from source
),

-- Rows that say the same of a visitor at one time are copies, where no id tells them apart.
identified as (
    select
        typed.*,
        case
            when not {{ is_blank('typed.given_id') }} then typed.given_id
            else {{ hash_key([
                'typed.experiment_id', 'typed.visitor_id', 'typed.variation_id', 'typed.exposed_at'
            ]) }}
        end as exposure_id
    from typed
),

checked as (
    select
        identified.*,
        {{ rejection_reason('exposures') }} as rejection_reason
    from identified
)

select * from checked
