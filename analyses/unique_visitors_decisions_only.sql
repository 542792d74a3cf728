-- How many visitors were shown each variation: distinct visitors with a decision in the range.
with

decisions as (
    select
        decisions.experiment_id,
        decisions.experiment_name,
        decisions.variation_id,
        decisions.variation_name,
        decisions.unit_id
    from {{ portable(ref('enriched_exposures')) }} as decisions
    where
        decisions.exclusion_reason is null
        and {{ is_analysed('decisions', 'exposed_at') }}
),

counted as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        count(distinct unit_id) as visitor_count
    from decisions
    group by
        experiment_id,
        experiment_name,
        variation_id,
        variation_name
)

select * from counted
order by experiment_id, variation_id
