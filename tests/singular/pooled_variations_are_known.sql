with

pooled as (
    {{ pool_members() | indent(4) }}
),

listed as (
    select
        {{ trimmed(to_text('experiment_id')) }} as experiment_id,
        {{ trimmed(to_text('variation_id')) }} as variation_id,
        {{ trimmed(to_text('variation_name')) }} as variation_name
    from {{ ref('variations') }}
),

assigned as (
    select distinct
        experiment_id,
        variation_id
    from {{ ref('delivered_exposures') }}
    where variation_id is not null
),

known as (
    select
        variation_id as name_or_id,
        variation_id
    from listed
    union
    select
        variation_name as name_or_id,
        variation_id
    from listed
    union
    select
        variation_id as name_or_id,
        variation_id
    from assigned
),

unknown_variations as (
    select
        variation_id,
        'no experiment has it' as problem
    from pooled
    where variation_id not in (select known.variation_id from known)
),

taken_names as (
    select
        known.variation_id,
        'the pool has its id or name, but not the variation' as problem
    from pooled
    inner join known on pooled.pool_name = known.name_or_id
    where known.variation_id not in (select members.variation_id from pooled as members)
),

-- The pool's traffic share would be that of the others alone.
unlisted_variations as (
    select
        assigned.variation_id,
        'seeds/variations.csv lists others of the pool, but not it' as problem
    from assigned
    inner join pooled on assigned.variation_id = pooled.variation_id
    inner join pooled as other_members on pooled.pool_name = other_members.pool_name
    inner join listed
        on
            assigned.experiment_id = listed.experiment_id
            and other_members.variation_id = listed.variation_id
    left join listed as own_line
        on
            assigned.experiment_id = own_line.experiment_id
            and assigned.variation_id = own_line.variation_id
    where own_line.variation_id is null
)

select * from unknown_variations
union
select * from taken_names
union
select * from unlisted_variations
