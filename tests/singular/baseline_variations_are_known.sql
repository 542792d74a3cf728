with

baselines as (
    {{ text_rows(var('baseline_variations'), 'variation_id') | indent(4) }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

unknown_variations as (
    select baselines.variation_id as unknown_variation_id
    from baselines
    left join variations on baselines.variation_id = variations.variation_id
    where variations.variation_id is null
)

select * from unknown_variations
