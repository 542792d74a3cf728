{{ config(enabled=is_read('stg_tables__events')) }}
{%- set columns = plain_columns('events', given_plain_columns('events')) -%}

with

-- The linter knows no frame of a window without an order, which numbers the rows of a CSV.
source as (
    select * from {{ placed_plain_rows('events') }} -- noqa: PRS
),

-- A value is what metrics call it, though SQL has a word like it.
typed as (
    select
        {{ plain_value('event_id', columns, dbt.type_string()) }} as given_id,
        {{ plain_value('visitor_id', columns, dbt.type_string()) }} as visitor_id,
        {{ plain_value('occurred_at', columns, dbt.type_timestamp()) }} as occurred_at,
        {{ plain_value('processed_at', columns, dbt.type_timestamp()) }} as processed_at,
        {{ plain_value('entity_id', columns, dbt.type_string()) }} as entity_id,
        {{ plain_value('event_name', columns, dbt.type_string()) }} as event_name,
        {{ plain_value('value', columns, type_double()) }} as value, -- noqa: RF04
        {{ plain_value('quantity', columns, dbt.type_bigint()) }} as quantity,
        {{ plain_value('is_bot', columns, 'boolean') }} as is_bot,
        {{ unreadable_plain_time('occurred_at', columns) }} as unreadable_text,
        {{ place_columns() }}
    from source
),

-- Two rows that agree in everything may be two events, where no id says that they are one.
numbered as (
    select
        given_id,
        visitor_id,
        occurred_at,
        processed_at,
        entity_id,
        event_name,
        value,
        quantity,
        is_bot,
        unreadable_text,
        file_name,
        file_row,
        row_number() over (
            partition by visitor_id, event_name, occurred_at, value
            order by processed_at nulls last, entity_id nulls last, quantity nulls last, is_bot
        ) as occurrence
    from typed
),

identified as (
    select
        case
            when not {{ is_blank('given_id') }} then given_id
            else {{ hash_key([
                'visitor_id', "coalesce(event_name, '')", 'occurred_at',
                'coalesce(' ~ to_text('value') ~ ", '')", 'occurrence',
            ]) }}
        end as event_id,
        visitor_id,
        occurred_at,
        processed_at,
        entity_id,
        cast(null as {{ dbt.type_string() }}) as event_type,
        event_name,
        cast(null as {{ dbt.type_bigint() }}) as revenue,
        value,
        quantity,
        cast(null as {{ type_tags() }}) as tags,
        is_bot,
        unreadable_text,
        file_name,
        file_row
    from numbered
),

checked as (
    select
        identified.*,
        {{ rejection_reason('events') }} as rejection_reason
    from identified
),

conflicting as (
    {{ conflicting_ids(
        'checked',
        key=['event_id'],
        content=[
            'visitor_id', 'entity_id', 'event_name', 'occurred_at', 'value', 'quantity', 'is_bot',
        ],
    ) | indent(4) }}
),

judged as (
    select
        {%- for name in door_columns('events') %}
            checked.{{ name }},
        {%- endfor %}
        checked.unreadable_text,
        checked.file_name,
        checked.file_row,
        case
            when conflicting.event_id is not null then 'conflicting_id'
            else checked.rejection_reason
        end as rejection_reason
    from checked
    left join conflicting
        on
            checked.rejection_reason is null
            and checked.event_id = conflicting.event_id
)

select * from judged
