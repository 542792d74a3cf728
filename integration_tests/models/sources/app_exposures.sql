-- Statsig's exposure log: a row whenever a user was evaluated, gates among the experiments.
select
    md5(concat_ws('|', user_id, experiment, "timestamp")) as exposure_id,
    experiment as experiment_id,
    "group" as variation_id,
    user_id as visitor_id,
    "timestamp" as exposed_at
from {{ ref('app_exposure_log') }}
where "timestamp" >= cast('{{ var("first_week") }}' as timestamp)
