with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

exposures as (
    select * from {{ ref('all_exposures') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

variations as (
    select * from {{ ref('stg_variations') }}
),

events as (
    select * from {{ ref('experiment_events') }}
),

tags as (
    {{ unnest_tags('events', columns=['experiment_id']) | trim | indent(4) }}
),

counted_tags as (
    select
        experiment_id,
        tag_name,
        tag_value,
        count(*) as row_count,
        count(*) over (partition by experiment_id, tag_name) as value_count
    from tags
    group by experiment_id, tag_name, tag_value
),

-- Units are too many to be listed: two of those that are alike are enough.
alike_units as (
    select
        experiment_id,
        min(unit_id) as first_id,
        max(unit_id) as last_id
    from units
    group by experiment_id, {{ likeness_key('unit_id') }}
    having min(unit_id) <> max(unit_id)
),

-- Of a tag with many values they are texts of people's, not words of a list.
names as (
    select
        experiments.experiment_id,
        'experiment' as name_kind,
        neighbours.experiment_id as written_name
    from experiments
    cross join experiments as neighbours
    union all
    select
        experiment_id,
        'variation' as name_kind,
        variation_id as written_name
    from exposures
    union all
    select
        experiment_id,
        'variation' as name_kind,
        variation_id as written_name
    from variations
    union all
    select
        experiment_id,
        'unit' as name_kind,
        first_id as written_name
    from alike_units
    union all
    select
        experiment_id,
        'unit' as name_kind,
        last_id as written_name
    from alike_units
    union all
    select
        experiment_id,
        'name of a variation' as name_kind,
        variation_name as written_name
    from variations
    union all
    select
        experiment_id,
        'event' as name_kind,
        event_name as written_name
    from events
    union all
    select
        experiment_id,
        'tag' as name_kind,
        tag_name as written_name
    from counted_tags
    union all
    select
        experiment_id,
        'value of the tag ' || tag_name as name_kind,
        tag_value as written_name
    from counted_tags
    where value_count <= 50
),

folded as (
    select distinct
        experiment_id,
        name_kind,
        written_name,
        {{ likeness_key('written_name') }} as folded_name
    from names
    where not {{ is_blank('written_name') }}
)

select * from folded
