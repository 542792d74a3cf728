select
    md5(concat_ws('|', user_id, experiment, "timestamp")) as exposure_id,
    'country' as attribute_name,
    country as attribute_value
from {{ ref('app_exposure_log') }}
