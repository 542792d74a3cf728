with

variations as (
    select * from {{ ref('decided_variations') }}
),

collections as (
    select * from {{ ref('guardrail_collections') }}
),

-- One without data goes before.
ranked as (
    select
        variations.experiment_id,
        variations.variation_id,
        collections.metric_name,
        collections.variation_name as collected_variation_name,
        collections.latest_data_date,
        collections.collected_until_date,
        collections.is_stale,
        row_number() over (
            partition by
                variations.experiment_id, variations.variation_id, collections.metric_name
            order by
                collections.latest_data_date nulls first,
                case when collections.variation_id = variations.variation_id then 1 else 2 end
        ) as place
    from variations
    inner join collections
        on
            variations.experiment_id = collections.experiment_id
            and collections.variation_id
            in (variations.variation_id, variations.reference_variation_id)
),

freshness as (
    select
        experiment_id,
        variation_id,
        metric_name,
        collected_variation_name,
        latest_data_date,
        collected_until_date,
        is_stale
    from ranked
    where place = 1
)

select * from freshness
