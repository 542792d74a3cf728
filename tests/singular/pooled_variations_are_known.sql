{%- set pools = var('pooled_variations') -%}

with

pooled as (
    {{ text_rows(pools.values() | sum(start=[]), 'variation_id') | indent(4) }}
),

named as (
    {{ text_rows(pools.keys(), 'variation_id') | indent(4) }}
),

known as (
    select variation_id from {{ ref('variations') }}
    union
    select {{ to_text('variation_id') }} as variation_id
    from {{ source('optimizely', 'decisions') }}
),

problems as (
    select
        pooled.variation_id,
        'no experiment has it' as problem
    from pooled
    left join known on pooled.variation_id = known.variation_id
    where known.variation_id is null
    union all
    select
        named.variation_id,
        'it is a variation outside of the pool' as problem
    from named
    inner join known on named.variation_id = known.variation_id
    left join pooled on named.variation_id = pooled.variation_id
    where pooled.variation_id is null
)

select * from problems
