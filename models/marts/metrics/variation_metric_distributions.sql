{%- set keys = ['experiment_id', 'metric_name'] -%}

with

bins as (
    select * from {{ ref('distribution_bins') }}
),

observed_values as (
    select * from {{ ref('observed_values') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

counts as (
    select
        {{ prefixed('bins', keys + ['bin_number']) | join(',\n        ') }},
        observed_values.variation_id,
        sum(observed_values.unit_count) as unit_count
    from observed_values
    inner join bins
        on
            {{ same_columns('observed_values', 'bins', keys) }}
            and case bins.bin_kind
                when 'default' then observed_values.is_default
                when 'undefined' then observed_values.observed_value is null
                when 'value'
                    then
                        not observed_values.is_default
                        and observed_values.observed_value = bins.lower_bound
                else
                    not observed_values.is_default
                    and coalesce(
                        observed_values.observed_value >= bins.lower_bound,
                        observed_values.observed_value is not null
                    )
                    and coalesce(observed_values.observed_value < bins.upper_bound, true)
            end
    group by
        {{ prefixed('bins', keys + ['bin_number']) | join(', ') }},
        observed_values.variation_id
),

-- A bin that is empty in a variation is a row of it, too.
distributions as (
    select
        variations.experiment_id,
        variations.experiment_name,
        bins.metric_name,
        variations.variation_id,
        variations.variation_name,
        bins.bin_number,
        bins.bin_kind,
        bins.lower_bound,
        bins.upper_bound,
        cast(coalesce(counts.unit_count, 0) as bigint) as unit_count
    from bins
    inner join variations on bins.experiment_id = variations.experiment_id
    left join counts
        on
            {{ same_columns('bins', 'counts', keys + ['bin_number']) }}
            and variations.variation_id = counts.variation_id
)

select * from distributions
