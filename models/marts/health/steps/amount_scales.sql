{%- set slices = [
    ('variation_id', 'cast(null as date)'), ('cast(null as ' ~ dbt.type_string() ~ ')', 'calendar_date')
] -%}

with

events as (
    select * from {{ ref('experiment_events') }}
),

amounts as (
    {%- for amount_name in ['revenue', 'value'] %}
        select
            experiment_id,
            variation_id,
            unit_id,
            coalesce(event_name, '(not set)') as event_name,
            '{{ amount_name }}' as amount_name,
            cast(occurred_at as date) as calendar_date,
            abs(cast({{ amount_name }} as {{ type_double() }})) as amount
        from events
        where {{ amount_name }} <> 0
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

-- What is no number, or none that anybody pays, has no scale.
logarithms as (
    select
        amounts.*,
        ln(amounts.amount) as log_amount
    from amounts
    where amounts.amount between 1e-30 and 1e30
),

-- A unit counts once: one that buys a hundred times is no hundred of them.
of_units as (
    {%- for variation_id, calendar_date in slices %}
        select
            experiment_id,
            event_name,
            amount_name,
            {{ variation_id }} as variation_id,
            {{ calendar_date }} as calendar_date,
            unit_id,
            avg(log_amount) as log_amount
        from logarithms
        group by
            experiment_id, event_name, amount_name, unit_id,
            {{ 'variation_id' if loop.first else 'calendar_date' }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

scales as (
    select
        experiment_id,
        event_name,
        amount_name,
        variation_id,
        calendar_date,
        count(*) as unit_count,
        avg(log_amount) as log_mean,
        var_samp(log_amount) / count(*) as log_mean_variance
    from of_units
    group by experiment_id, event_name, amount_name, variation_id, calendar_date
    having count(*) >= 10
)

select * from scales
