with

comparisons as (
    select * from {{ ref('comparisons') }}
),

posteriors as (
    select * from {{ ref('lift_posteriors') }}
),

gains as {{ materialized() }} (
    select
        posteriors.comparison_id,
        posteriors.posterior_std_error,
        case
            when comparisons.direction = 'decrease' then -posteriors.posterior_lift
            else posteriors.posterior_lift
        end as posterior_gain
    from posteriors
    inner join comparisons on posteriors.comparison_id = comparisons.comparison_id
),

scores as {{ materialized() }} (
    select
        *,
        posterior_gain / posterior_std_error as posterior_z
    from gains
),

-- What a choice is expected to lose against the other, E[max(0, harm)]: first of the better one.
losses as {{ materialized() }} (
    select
        *,
        {{ normal_cdf('posterior_z') }} as chance_to_win,
        posterior_std_error * {{ decay('0.5e0 * posterior_z * posterior_z') }}
        * greatest(
            {{ double_literal(0.3989422804014327) }}
            - abs(posterior_z) * {{ mills('abs(posterior_z)') }},
            0
        ) as lesser_risk
    from scores
),

risks as (
    select
        comparison_id,
        {{ finite('chance_to_win') }} as chance_to_win,
        {{ finite('lesser_risk + greatest(-posterior_gain, 0)') }} as risk,
        {{ finite('lesser_risk + greatest(posterior_gain, 0)') }} as reference_risk
    from losses
)

select * from risks
