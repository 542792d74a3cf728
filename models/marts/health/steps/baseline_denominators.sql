{%- set metric = ['experiment_id', 'metric_name'] -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
    where estimator = 'covariate'
),

lifts as (
    select * from {{ ref('absolute_lifts') }}
    where status = 'zero_denominator'
),

observations as (
    select * from {{ ref('fct_metric_observations') }}
    where covariate_denominator is not null
),

untested as (
    select comparisons.*
    from comparisons
    inner join lifts on comparisons.comparison_id = lifts.comparison_id
    where comparisons.variation_id <> comparisons.reference_variation_id
),

-- The units of each variation, and those of them that had a denominator before the exposure.
counts as {{ materialized() }} (
    select
        experiment_id,
        metric_name,
        variation_id,
        count(*) as unit_count,
        sum(case when covariate_denominator <> 0 then 1 else 0 end) as denominator_count
    from observations
    where metric_name in (select untested.metric_name from untested)
    group by experiment_id, metric_name, variation_id
),

pairs as (
    select
        untested.comparison_id,
        own.unit_count,
        own.denominator_count,
        reference.unit_count as reference_unit_count,
        reference.denominator_count as reference_denominator_count
    from untested
    inner join counts as own
        on
            {{ same_columns('untested', 'own', metric + ['variation_id']) }}
    inner join counts as reference
        on
            {{ same_columns('untested', 'reference', metric) }}
            and untested.reference_variation_id = reference.variation_id
),

-- One variation, with m of the n units, has all k units that have a denominator: by chance with a
-- probability of (m/n)^k at most.
one_sided as {{ materialized() }} (
    select
        *,
        greatest(denominator_count, reference_denominator_count) * ln(
            cast(unit_count + reference_unit_count as {{ type_double() }})
            / case
                when denominator_count > 0 then unit_count
                else reference_unit_count
            end
        ) as log_chance
    from pairs
    where
        least(denominator_count, reference_denominator_count) = 0
        and greatest(denominator_count, reference_denominator_count) > 0
),

tests as (
    select
        comparison_id,
        cast(denominator_count as {{ type_double() }}) / unit_count as denominator_share,
        cast(reference_denominator_count as {{ type_double() }}) / reference_unit_count
            as reference_denominator_share,
        least(1e0, 2e0 * {{ decay('log_chance') }}) as p_value
    from one_sided
)

select * from tests
