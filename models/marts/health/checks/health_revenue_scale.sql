with

scales as (
    select * from {{ ref('amount_scales') }}
    where variation_id is not null
),

variations as (
    select * from {{ ref('dim_variations') }}
),

pairs as (
    select
        larger.experiment_id,
        larger.event_name,
        larger.amount_name,
        large_names.variation_name as large_variation_name,
        small_names.variation_name as small_variation_name,
        exp(larger.log_mean) as large_amount,
        exp(smaller.log_mean) as small_amount,
        {{ scale_shift('larger', 'smaller') | trim }}
    from scales as larger
    inner join scales as smaller
        on
            larger.experiment_id = smaller.experiment_id
            and larger.event_name = smaller.event_name
            and larger.amount_name = smaller.amount_name
            and larger.variation_id <> smaller.variation_id
            and larger.log_mean >= smaller.log_mean
    inner join variations as large_names
        on
            larger.experiment_id = large_names.experiment_id
            and larger.variation_id = large_names.variation_id
    inner join variations as small_names
        on
            smaller.experiment_id = small_names.experiment_id
            and smaller.variation_id = small_names.variation_id
),

{{ largest_scale_shift([
    'event_name', 'amount_name', 'large_variation_name', 'small_variation_name'
]) }},

{{ health_check(
    name='revenue_scale',
    title='Scale of revenue by variation',
    looks_at='ratio of typical amounts',
    threshold='scale_shift_ratio',
    threshold_rule='positive number',
    fail='value >= threshold and is_certain',
    found='The {amount_name:text} of {event_name:text} is typically {large_amount:2} in
        {large_variation_name:text} and {small_amount:2} in {small_variation_name:text}: {value:1}
        times as much.',
    remedy='No variation does that to what people pay: see whether one of them sends another unit,
        such as cents instead of dollars. If it is meant, raise the ratio from which on this
        fails.',
    missing='Not checked: no event has a revenue or value from 10 units of each of two variations.',
) }}

select * from checked
