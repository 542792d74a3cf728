select
    experiment_id,
    experiment_name,
    variation_name,
    reference_variation_name,
    verdict,
    reason,
    primary_metric,
    relative_lift,
    planned_until_at,
    as_of_at
from experiment_decisions
