with

exposures as (
    select * from {{ ref('first_exposures') }}
),

findings as (
    select
        experiment_id,
        count(*) as visitor_count,
        count(case when is_crossover then 1 end) as crossover_count,
        avg(case when is_crossover then 1e0 else 0e0 end) as check_value
    from exposures
    group by experiment_id
),

{{ health_check(
    name='crossovers',
    title='Visitors in two variations',
    looks_at='share of visitors',
    threshold='crossover_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='{crossover_count} of {visitor_count} visitors ({value:%}) were shown two variations.',
    remedy='Find out why the assignment did not stick: changed traffic shares, lost cookies, ids
        that several people share. Such visitors can be left out instead of kept in the first
        variation.',
    missing='No unit was exposed.',
) }}

select * from checked
