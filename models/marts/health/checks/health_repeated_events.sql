with

variations as (
    select * from {{ ref('variation_event_repeats') }}
),

rates as (
    select * from {{ ref('exclusion_rates') }}
    where exclusion_kind = 'repeated event'
),

counts as (
    select
        experiment_id,
        sum(event_count) as event_count,
        sum(repeated_event_count) as repeated_count
    from variations
    group by experiment_id
),

findings as (
    select
        counts.experiment_id,
        counts.event_count,
        counts.repeated_count,
        counts.repeated_count * 1e0 / counts.event_count as check_value,
        rates.p_value,
        case
            when rates.p_value is not null
                then {{ sentence(
                    ' Units have some in {rates.lowest_rate:%} to {rates.highest_rate:%} of the cases by'
                    ~ ' variation; p {rates.p_value:p}.'
                ) }}
            else ''
        end as by_variation
    from counts
    left join rates on counts.experiment_id = rates.experiment_id
),

{{ health_check(
    name='repeated_events',
    title='Repeated events',
    looks_at='share of events',
    threshold='repeat_warn_share',
    threshold_rule='share',
    settings={'exclusion_balance_alpha': 'probability'},
    warn='value >= threshold or p_value < ' ~ var('exclusion_balance_alpha'),
    found='{repeated_count} of {event_count} events ({value:%}) are as another one in all but their
        id.{by_variation:text}',
    remedy='They count twice: see whether what sends them tries again under a new id, or is there
        twice.',
    missing='Not checked: no unit has an event in its window.',
) }}

select * from checked
