{%- set prior = double_literal(var('sample_ratio_concentration')) -%}
{%- set evidence_needed = '-ln(' ~ double_literal(var('sample_ratio_alpha')) ~ ')' -%}
with

expected_counts as (
    select
        experiment_id,
        exposed_date,
        {{ prior }} * traffic_share / sum(traffic_share) over day_units as prior_count,
        cast(cumulative_unit_count as {{ type_double() }}) as unit_count,
        {{ prior }} + sum(cumulative_unit_count) over day_units as whole_count
    from {{ ref('variation_unit_days') }}
    where traffic_share > 0
    window day_units as (partition by experiment_id, exposed_date)
),

evidence as (
    select
        experiment_id,
        exposed_date,
        sum(
            (prior_count + unit_count - 0.5e0)
            * ln((prior_count + unit_count) / prior_count * ({{ prior }} / whole_count))
            + {{ stirling_rest('prior_count + unit_count') }}
            - {{ stirling_rest('prior_count') }}
        )
        - (count(*) - 1) / 2e0 * ln(whole_count / {{ prior }})
        - {{ stirling_rest('whole_count') }}
        + {{ stirling_rest(prior) }} as log_bayes_factor
    from expected_counts
    group by experiment_id, exposed_date, whole_count
    having count(*) > 1
),

findings as (
    select
        experiment_id,
        count(*) as day_count,
        exp(-greatest(0e0, least(690e0, max(log_bayes_factor)))) as check_value,
        min(case when log_bayes_factor > {{ evidence_needed }} then exposed_date end) as alarm_date
    from evidence
    group by experiment_id
),

{{ health_check(
    name='sequential_sample_ratio',
    title='Sample ratio day by day',
    looks_at='p-value',
    threshold='sample_ratio_alpha',
    threshold_rule='probability',
    settings={'sample_ratio_concentration': 'positive number'},
    fail='value < threshold',
    found='The split at the end of each day, of {day_count}: smallest p {value:p}.',
    remedy='The alarm was first on {alarm_date:date}. Stop and find out why units are lost: what
        changed on that day, and in which segment.',
    missing='Not checked: it takes units, and the planned shares of two variations or more.',
    missing_status='warn',
) }}

select * from checked
