-- What failed or warns; checks of segments name theirs.
select
    experiment_id,
    title,
    case when segment_name <> '(all)' then segment_name || ': ' || segment_value end as segment,
    status,
    finding,
    advice
from experiment_health
where status <> 'ok'
