{%- set group = [
    'experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale', 'cohort_day'
] -%}
{%- set first = ceiling_of('spans.from_day', 'stretches.stretch_days') -%}
{%- set last = floor_of('spans.until_day', 'stretches.stretch_days') ~ ' - 1' -%}

with

spans as (
    select * from {{ ref('variation_moments_by_span') }}
),

stretches as (
    {{ day_stretches() | indent(4) }}
),

-- The stretches of each length that lie in a span.
bounded as (
    select
        spans.*,
        stretches.stretch_days,
        {{ first }} as first_number,
        {{ last }} as last_number
    from spans
    inner join stretches on {{ first }} <= {{ last }}
),

-- A span is taken apart into the fewest stretches: of each length the first, if it is the second
-- half of a longer one, and the last, if it is the first half of one.
parts as (
    select
        bounded.*,
        bounded.first_number as stretch_number
    from bounded
    where mod(bounded.first_number, 2) = 1
    union all
    select
        bounded.*,
        bounded.last_number as stretch_number
    from bounded
    where mod(bounded.last_number, 2) = 0
),

{{ merge_moments('parts', group + ['stretch_days', 'stretch_number']) }}

select * from merged_moments
