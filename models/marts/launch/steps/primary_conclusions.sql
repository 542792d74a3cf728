with

variations as (
    select * from {{ ref('decided_variations') }}
),

results as (
    select * from {{ ref('experiment_results') }}
    where is_headline and is_primary
),

compared as (
    select
        results.*,
        case
            when results.direction = 'decrease' then -results.absolute_lift
            else results.absolute_lift
        end as gain,
        {{ lift_text() }} as lift_text
    from results
),

-- A variation without a row, or without a number, is neither better nor worse.
concluded as (
    select
        variations.experiment_id,
        variations.variation_id,
        coalesce(compared.status, 'no_result') as status,
        case
            when compared.status is null then 'The experiment uses no metric of that name.'
            else compared.status_reason
        end as status_reason,
        compared.gain,
        compared.lift_text,
        compared.metric_value,
        compared.reference_metric_value,
        compared.absolute_lift,
        compared.relative_lift,
        compared.relative_lift_ci_low,
        compared.relative_lift_ci_high,
        compared.adjusted_p_value,
        compared.sequential_p_value,
        compared.gain is not null and compared.adjusted_p_value is not null as has_number,
        coalesce(compared.is_significant and compared.gain > 0, false) as is_better,
        coalesce(compared.is_significant and compared.gain < 0, false) as is_worse,
        coalesce(compared.is_sequentially_significant, false) as is_sequentially_significant
    from variations
    left join compared
        on
            variations.experiment_id = compared.experiment_id
            and variations.variation_id = compared.variation_id
)

select * from concluded
