with

all_rejected_rows as (
    select * from {{ ref('all_rejected_rows') }}
),

exposures as (
    select * from {{ ref('delivered_exposures') }}
),

events as (
    select * from {{ ref('delivered_events') }}
),

unioned as (
    select
        source_name,
        reason,
        count(*) as row_count,
        min(example_id) as example_id
    from all_rejected_rows
    group by source_name, reason
    union all
    {{ further_copies(
        'exposures', id='exposure_id', key=['experiment_id', 'exposure_id']
    ) | indent(4) }}
    union all
    {{ further_copies('events', id='event_id', key=['event_id']) | indent(4) }}
)

select * from unioned
