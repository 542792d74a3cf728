with

unit_days as (
    select * from {{ ref('variation_unit_days') }}
),

{{ rate_tests(
    'unit_days', ['experiment_id', 'exposed_date'], 'cumulative_unit_count', 'total_unit_count'
) }},

-- One test per day after which the split may have changed: the strongest stands for all of them.
ranked as (
    select
        experiment_id,
        exposed_date,
        p_value,
        count(*) over (partition by experiment_id) as test_count,
        row_number() over (partition by experiment_id order by p_value, exposed_date) as place
    from rates
    where p_value is not null
),

shares as (
    select
        experiment_id,
        exposed_date,
        variation_name,
        cumulative_unit_count * 1e0 / sum(cumulative_unit_count) over cut as early_share,
        (total_unit_count - cumulative_unit_count) * 1e0
        / nullif(sum(total_unit_count - cumulative_unit_count) over cut, 0) as late_share
    from unit_days
    window cut as (partition by experiment_id, exposed_date)
),

findings as (
    select
        ranked.experiment_id,
        ranked.exposed_date,
        least(1, min(ranked.p_value) * min(ranked.test_count)) as value,
        {{ dbt.listagg(
            sentence('{variation_name:text} {early_share:%}, then {late_share:%}'),
            "'; '", 'order by shares.variation_name'
        ) }} as shares
    from ranked
    inner join shares
        on ranked.experiment_id = shares.experiment_id and ranked.exposed_date = shares.exposed_date
    where ranked.place = 1
    group by ranked.experiment_id, ranked.exposed_date
),

{{ health_check(
    'split_change',
    threshold=var('sample_ratio_alpha'),
    fail='value < threshold',
    found='Shares of units until {exposed_date:date}, where the split differs most, and after:
        {shares:text}; p {value:p}.',
    remedy='Days of another split mix up days and variations: set starts_at or ends_at in
        seeds/experiments.csv so that one split is left, or find out why units are lost.',
    missing='Not checked: it takes units of two variations or more on two days or more.',
) }}

select * from checked
