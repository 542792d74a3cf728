{#- Values that are at most so many have a bin each; others share as many ranges, or a few less,
    between the low and the high percentile, and one for what lies beyond either. -#}
{%- set most_values, most_bins, tail = 12, 15, '0.01e0' -%}
{%- set keys = ['experiment_id', 'metric_name'] -%}

with

observed_values as (
    select * from {{ ref('observed_values') }}
),

-- Of all variations together: their bins are the same.
pooled as (
    select
        {{ keys | join(',\n        ') }},
        observed_value,
        is_default,
        sum(unit_count) as unit_count
    from observed_values
    group by {{ keys | join(', ') }}, observed_value, is_default
),

ranked as (
    select
        *,
        sum(unit_count) over (
            partition by {{ keys | join(', ') }} order by observed_value
        ) as rank_until,
        sum(unit_count) over (partition by {{ keys | join(', ') }}) as unit_total
    from pooled
    where observed_value is not null and not is_default
),

ranges as (
    select
        {{ keys | join(',\n        ') }},
        count(*) as value_count,
        min(observed_value) as lowest,
        max(observed_value) as highest,
        min(case when rank_until >= {{ tail }} * unit_total then observed_value end) as low,
        min(case when rank_until >= (1e0 - {{ tail }}) * unit_total then observed_value end)
            as high,
        min(case when observed_value = floor(observed_value) then 1 else 0 end) as is_whole
    from ranked
    group by {{ keys | join(', ') }}
),

-- No step is finer than a double can tell its ends apart, nor than 1 between whole numbers.
widths as (
    select
        *,
        greatest(
            (high - low) / {{ most_bins }},
            greatest(abs(low), abs(high)) * 1e-12,
            case when is_whole = 1 then 1e0 else 1e-290 end
        ) as width
    from ranges
    where value_count > {{ most_values }}
),

powers as (
    select
        *,
        floor(log10(width)) as step_power
    from widths
),

-- Steps are 1, 2 or 5 times a power of ten, the next from the width on.
factors as (
    select
        *,
        case
            when width <= power(10e0, step_power) then 1
            when width <= 2 * power(10e0, step_power) then 2
            when width <= 5 * power(10e0, step_power) then 5
            else 10
        end as step_factor
    from powers
),

steps as (
    select
        *,
        floor(low / ({{ bin_bound('1') }})) as first_step,
        floor(high / ({{ bin_bound('1') }})) as last_step
    from factors
),

numbers as (
    {%- for number in range(-1, most_bins + 3) %}
        select {{ number }} as step_number{{ ' union all' if not loop.last }}
    {%- endfor %}
),

stepped as (
    select
        steps.*,
        steps.first_step + numbers.step_number as step_from_zero,
        numbers.step_number = -1 as is_below_all
    from steps
    inner join numbers on steps.first_step + numbers.step_number <= steps.last_step + 1
),

bounded as (
    select
        {{ keys | join(',\n        ') }},
        lowest,
        highest,
        case when not is_below_all then {{ bin_bound('step_from_zero') }} end as lower_bound,
        case when step_from_zero <= last_step then {{ bin_bound('step_from_zero + 1') }} end
            as upper_bound
    from stepped
),

bins as (
    select distinct
        {{ keys | join(',\n        ') }},
        case when is_default then 'default' else 'undefined' end as bin_kind,
        observed_value as lower_bound,
        observed_value as upper_bound
    from pooled
    where is_default or observed_value is null
    union all
    select
        {{ prefixed('ranked', keys) | join(',\n        ') }},
        'value' as bin_kind,
        ranked.observed_value as lower_bound,
        ranked.observed_value as upper_bound
    from ranked
    inner join ranges on {{ same_columns('ranked', 'ranges', keys) }}
    where ranges.value_count <= {{ most_values }}
    union all
    select
        {{ keys | join(',\n        ') }},
        'range' as bin_kind,
        lower_bound,
        upper_bound
    from bounded
    where coalesce(lower_bound <= highest, true) and coalesce(upper_bound > lowest, true)
),

numbered as (
    select
        {{ keys | join(',\n        ') }},
        row_number() over (
            partition by {{ keys | join(', ') }}
            order by
                case bin_kind when 'default' then 1 when 'undefined' then 3 else 2 end,
                lower_bound nulls first
        ) as bin_number,
        bin_kind,
        lower_bound,
        upper_bound
    from bins
)

select * from numbered
