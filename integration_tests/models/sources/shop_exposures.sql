-- GrowthBook's experiment_viewed: the variation is its number, an integer here.
select
    md5(concat_ws('|', user_id, experiment_id, "timestamp")) as exposure_id,
    experiment_id,
    variation_id,
    user_id as visitor_id,
    "timestamp" as exposed_at
from {{ ref('shop_experiment_viewed') }}
