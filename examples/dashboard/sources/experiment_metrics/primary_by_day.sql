-- The lift of the primary metric as of the end of each day. Read every day, the interval that holds at
-- every look is the one to read.
select
    experiment_id,
    as_of_date,
    variation_name,
    metric_name,
    relative_lift,
    sequential_relative_ci_low,
    sequential_relative_ci_high
from experiment_results_by_day
where is_primary and is_headline and status <> 'reference' and relative_lift is not null
