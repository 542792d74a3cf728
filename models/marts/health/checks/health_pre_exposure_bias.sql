with

comparisons as (
    select * from {{ ref('comparisons') }}
    where
        estimator = 'covariate'
        and coalesce(variation_id <> reference_variation_id, true)
),

lifts as (
    select * from {{ ref('absolute_lifts') }}
),

lift_tests as (
    select * from {{ ref('lift_tests') }}
    where p_value is not null
),

denominators as (
    select * from {{ ref('baseline_denominators') }}
),

-- A ratio without denominators in one variation is compared by how many units have one.
compared as (
    select
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_name,
        case
            when denominators.comparison_id is null then ''
            else 'the share of units with a denominator of '
        end as measure,
        coalesce(denominators.denominator_share, lifts.metric_value) as covariate_value,
        coalesce(denominators.reference_denominator_share, lifts.reference_metric_value)
            as reference_value,
        coalesce(lift_tests.p_value, denominators.p_value) as p_value,
        coalesce(lifts.status = 'zero_variance', false) as is_alike,
        -- Why there is no test, where there is none.
        case
            when lift_tests.comparison_id is not null or denominators.comparison_id is not null
                then null
            when lifts.status = 'no_reference_variation' then 'no reference variation'
            when
                lifts.status = 'too_few_units'
                and lifts.unit_count >= 2
                and lifts.reference_unit_count >= 2
                then 'too few units with a denominator'
            when lifts.status in ('empty_variation', 'too_few_units')
                then 'fewer than two units of it or of the reference variation'
            when lifts.status = 'zero_denominator' then 'the denominators add up to 0'
            when lifts.status = 'zero_variance' then 'all units were the same'
            when lifts.status = 'skewed_lift' then 'too skewed, or too few units, for a test'
            when lifts.status = 'out_of_range' then 'values too large or too small for a test'
        end as obstacle
    from comparisons
    inner join lifts on comparisons.comparison_id = lifts.comparison_id
    left join lift_tests on comparisons.comparison_id = lift_tests.comparison_id
    left join denominators on comparisons.comparison_id = denominators.comparison_id
),

-- The strongest of all comparisons stands for all of them.
ranked as (
    select
        compared.*,
        count(*) over (partition by compared.experiment_id) as test_count,
        row_number() over (
            partition by compared.experiment_id
            order by compared.p_value, compared.metric_name, compared.variation_name
        ) as place
    from compared
    where compared.p_value is not null
),

strongest as (
    select * from ranked
    where place = 1
),

obstructed as (
    select
        experiment_id,
        metric_name,
        variation_name,
        obstacle,
        is_alike,
        count(*) over (partition by experiment_id, is_alike) - 1 as further_count,
        row_number() over (
            partition by experiment_id
            order by is_alike, metric_name, variation_name
        ) as place
    from compared
    where obstacle is not null
),

unchecked as (
    select
        experiment_id,
        is_alike,
        {{ sentence('Not checked: {metric_name:text} in {variation_name:text} ({obstacle:text})') }}
        || case
            when further_count > 0 then {{ sentence(', and {further_count} more') }}
            else ''
        end
        || '.' as unchecked_reason
    from obstructed
    where place = 1
),

findings as (
    select
        coalesce(strongest.experiment_id, unchecked.experiment_id) as experiment_id,
        strongest.measure,
        strongest.metric_name,
        strongest.variation_name,
        strongest.covariate_value,
        strongest.reference_value,
        strongest.test_count,
        case
            when unchecked.experiment_id is null or unchecked.is_alike then ''
            else ' ' || unchecked.unchecked_reason
        end as also_unchecked,
        unchecked.unchecked_reason,
        case
            when strongest.p_value is not null
                then least(1, strongest.p_value * strongest.test_count)
        end as check_value
    from strongest
    full join unchecked on strongest.experiment_id = unchecked.experiment_id
),

{{ health_check(
    name='pre_exposure_bias',
    title='Differences before the exposure',
    looks_at='p-value',
    threshold='pre_exposure_alpha',
    threshold_rule='probability',
    warn='value < threshold',
    found='Of {test_count} comparisons before the exposure {measure:text}{metric_name:text} in
        {variation_name:text} differs most: {covariate_value:4}, and {reference_value:4} in the
        reference variation; p {value:p} for all of them.{also_unchecked:text}',
    remedy='The variations were not alike from the start: look for an earlier experiment on the
        same visitors and for assignment that depends on them, and read the adjusted results.',
    missing='Not checked: it takes a metric that is adjusted for what units did before, a
        reference variation and two units of each.',
    missing_reason='unchecked_reason',
) }}

select * from checked
