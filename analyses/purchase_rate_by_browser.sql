-- Which share of each variation's units bought something, by browser: of the units exposed in the
-- range, those with a purchase in their attribution window.
with

units as (
    select
        units.experiment_id,
        units.experiment_name,
        units.variation_id,
        units.variation_name,
        units.unit_id
    from {{ portable(ref('experiment_units')) }} as units
    where {{ is_analysed('units', 'exposed_at') }}
),

browsers as (
    select
        experiment_id,
        unit_id,
        {{ blank_to_null('attribute_value') }} as browser
    from {{ portable(ref('experiment_unit_attributes')) }}
    where attribute_name = 'browser'
),

purchasers as (
    select distinct
        experiment_id,
        unit_id
    from {{ portable(ref('experiment_events')) }}
    where event_name = 'purchase'
),

described as (
    select
        units.experiment_id,
        units.experiment_name,
        units.variation_id,
        units.variation_name,
        coalesce(browsers.browser, '(not set)') as browser,
        case when purchasers.unit_id is null then 0 else 1 end as is_purchaser
    from units
    left join browsers
        on
            units.experiment_id = browsers.experiment_id
            and units.unit_id = browsers.unit_id
    left join purchasers
        on
            units.experiment_id = purchasers.experiment_id
            and units.unit_id = purchasers.unit_id
),

rated as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        browser,
        count(*) as unit_count,
        cast(sum(is_purchaser) as bigint) as purchaser_count,
        cast(sum(is_purchaser) as {{ type_double() }}) / count(*) as purchase_rate
    from described
    group by
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        browser
)

select * from rated
order by experiment_id, variation_id, browser
