select
    experiment_id,
    segment_name,
    segment_value,
    variation_name,
    unit_count,
    relative_lift,
    relative_lift_ci_low,
    relative_lift_ci_high,
    case when status <> 'ok' then coalesce(status_reason, status) end as remark
from experiment_results_by_segment
where is_primary and is_headline and status <> 'reference'
