select
    md5(concat_ws('|', user_id, event_name, "timestamp", row_number)) as event_id,
    user_id as visitor_id,
    "timestamp" as occurred_at,
    event_name,
    "value"
from (
    select
        *,
        row_number() over (partition by user_id, event_name, "timestamp" order by "value")
            as row_number
    from {{ ref('app_event_log') }}
) as numbered
