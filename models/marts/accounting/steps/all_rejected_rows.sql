with

exposures as (
    select * from {{ ref('delivered_exposures') }}
),

events as (
    select * from {{ ref('delivered_events') }}
),

calls as (
    select * from {{ ref('delivered_calls') }}
),

unioned as (
    select
        source_name,
        rejection_reason as reason,
        exposure_id as row_id,
        file_name,
        file_row,
        experiment_id,
        variation_id,
        visitor_id,
        exposed_at as occurred_at,
        cast(null as {{ dbt.type_string() }}) as event_name,
        details,
        exposure_id as example_id
    from exposures
    where rejection_reason is not null
    union all
    select
        source_name,
        rejection_reason as reason,
        event_id as row_id,
        file_name,
        file_row,
        cast(null as {{ dbt.type_string() }}) as experiment_id,
        cast(null as {{ dbt.type_string() }}) as variation_id,
        visitor_id,
        occurred_at,
        event_name,
        details,
        event_id as example_id
    from events
    where rejection_reason is not null
    union all
    select
        source_name,
        rejection_reason as reason,
        call_id as row_id,
        file_name,
        file_row,
        cast(null as {{ dbt.type_string() }}) as experiment_id,
        cast(null as {{ dbt.type_string() }}) as variation_id,
        visitor_id,
        occurred_at,
        cast(null as {{ dbt.type_string() }}) as event_name,
        details,
        visitor_id as example_id
    from calls
    where rejection_reason is not null
)

select * from unioned
