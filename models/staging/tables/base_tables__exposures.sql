{{ config(enabled=is_read('stg_tables__exposures')) }}
{%- set given = given_plain_columns('exposures') -%}
{%- set columns = plain_columns('exposures', given) -%}
{%- set attributes = plain_attributes(given) -%}
{%- set attribute_columns = [] -%}
{%- for name in attributes -%}
    {%- do attribute_columns.append('attribute_' ~ loop.index) -%}
{%- endfor -%}
{%- set experiment_id = plain_value('experiment_id', columns, dbt.type_string())
    if 'experiment_id' in columns else string_literal(var('exposures_experiment_id')) -%}

with

-- The linter knows no frame of a window without an order, which numbers the rows of a CSV.
source as (
    select * from {{ placed_plain_rows('exposures') }} -- noqa: PRS
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
        {{ plain_value('is_bot', columns, 'boolean') }} as is_bot,
        {{ unreadable_plain_time('exposed_at', columns) }} as unreadable_text,
        {{ place_columns() }}
    from source
),

-- Rows that say the same of a visitor at one time are copies, where no id tells them apart.
identified as (
    select
        typed.*,
        case
            when not {{ is_blank('typed.given_id') }} then typed.given_id
            else {{ hash_key([
                'typed.experiment_id', 'typed.visitor_id', 'typed.variation_id', 'typed.exposed_at',
                'typed.session_id',
            ]) }}
        end as exposure_id
    from typed
),

checked as (
    select
        identified.*,
        {{ rejection_reason('exposures') }} as rejection_reason
    from identified
),

-- An id that was made of what a row says can't contradict it.
with_given_id as (
    select * from checked
    where not {{ is_blank('given_id') }}
),

conflicting as (
    {{ conflicting_ids(
        'with_given_id',
        key=['experiment_id', 'exposure_id'],
        content=[
            'visitor_id', 'session_id', pooled_variation('variation_id'), 'exposed_at',
            'is_holdback', 'is_bot',
        ] + attribute_columns,
    ) | indent(4) }}
),

judged as (
    select
        checked.given_id,
        {%- for name in door_columns('exposures') %}
            checked.{{ name }},
        {%- endfor %}
        {%- for name in attribute_columns %}
            checked.{{ name }},
        {%- endfor %}
        checked.unreadable_text,
        checked.file_name,
        checked.file_row,
        case
            when conflicting.exposure_id is not null then 'conflicting_id'
            else checked.rejection_reason
        end as rejection_reason
    from checked
    left join conflicting
        on
            checked.rejection_reason is null
            and checked.experiment_id = conflicting.experiment_id
            and checked.exposure_id = conflicting.exposure_id
)

select * from judged
