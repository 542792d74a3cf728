with

names as (
    select * from {{ ref('data_names') }}
),

pairs as (
    select
        names.*,
        twins.written_name as twin_name,
        row_number() over (
            partition by names.experiment_id
            order by names.name_kind, names.written_name, twins.written_name
        ) as place
    from names
    inner join names as twins
        on
            names.experiment_id = twins.experiment_id
            and names.name_kind = twins.name_kind
            and names.folded_name = twins.folded_name
            and names.written_name < twins.written_name
    -- Two other experiments that are alike are not this one's pair.
    where
        names.name_kind <> 'experiment'
        or names.written_name = names.experiment_id
        or twins.written_name = names.experiment_id
),

counted as (
    select
        experiment_id,
        count(*) as pair_count,
        {{ dbt.listagg(
            'case when place <= 3 then '
            ~ sentence('{name_kind:text} "{written_name:text}" and "{twin_name:text}"') ~ ' end',
            "', '", 'order by place'
        ) }} as pairs
    from pairs
    group by experiment_id
),

exposed as (
    select * from {{ ref('dim_experiments') }}
    where unit_count > 0
),

findings as (
    select
        exposed.experiment_id,
        coalesce(counted.pair_count, 0) as check_value,
        case
            when counted.pair_count > 3 then counted.pairs || ', and more'
            else coalesce(counted.pairs, 'none')
        end as pairs
    from exposed
    left join counted on exposed.experiment_id = counted.experiment_id
),

{{ health_check(
    name='similar_names',
    title='Names that are nearly the same',
    looks_at='pairs of names',
    threshold=1,
    warn='value >= threshold',
    found='Pairs of names that differ in case or white space alone: {value}; {pairs:text}.',
    remedy='They are counted as two: if they are one, correct what writes them, or match both in the
        metrics.',
    missing='No unit was exposed.',
) }}

select * from checked
