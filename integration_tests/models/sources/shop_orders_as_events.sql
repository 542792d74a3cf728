select
    order_id as event_id,
    user_id as visitor_id,
    ordered_at as occurred_at,
    'order' as event_name,
    amount_cents as revenue
from {{ ref('shop_orders') }}
