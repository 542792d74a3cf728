{%- set kinds = [
    ('visitors', 'bot', 'bot_count', 'visitor_count'),
    ('visitors', 'excluded visitor', 'excluded_visitor_count', 'visitor_count'),
    ('row_counts', 'copy', 'duplicated_visitor_count', 'visitor_count'),
    ('row_counts', 'rejected row', 'rejected_row_count', 'row_count'),
    ('event_repeats', 'repeated event', 'repeating_unit_count', 'unit_count'),
] -%}

with

visitors as (
    select * from {{ ref('variation_visitor_counts') }}
),

row_counts as (
    select * from {{ ref('exposure_row_counts') }}
),

event_repeats as (
    select * from {{ ref('variation_event_repeats') }}
),

-- Of each kind, how many there are in a variation, of how many.
counts as (
    {% for counted, kind, affected_count, total_count in kinds %}
        select
            experiment_id,
            '{{ kind }}' as exclusion_kind,
            cast({{ affected_count }} as {{ type_double() }}) as affected_count,
            cast({{ total_count }} as {{ type_double() }}) as total_count
        from {{ counted }}
        where {{ total_count }} > 0
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

pooled as (
    select
        counts.*,
        sum(counts.affected_count) over whole / sum(counts.total_count) over whole as pooled_rate
    from counts
    window whole as (partition by experiment_id, exclusion_kind)
),

distances as (
    select
        experiment_id,
        exclusion_kind,
        sum(
            (affected_count - total_count * pooled_rate)
            * (affected_count - total_count * pooled_rate)
            / (total_count * pooled_rate * (1 - pooled_rate))
        ) as chi_square,
        count(*) - 1 as degrees_of_freedom,
        min(total_count) * min(pooled_rate) as smallest_affected_count,
        min(total_count) * min(1 - pooled_rate) as smallest_unaffected_count,
        sum(affected_count) as affected_count,
        sum(total_count) as total_count,
        min(affected_count / total_count) as lowest_rate,
        max(affected_count / total_count) as highest_rate
    from pooled
    where pooled_rate > 0 and pooled_rate < 1
    group by experiment_id, exclusion_kind
),

-- The test is right where every variation should have 5 or more on both sides.
tested as (
    select
        experiment_id,
        exclusion_kind,
        affected_count,
        total_count,
        lowest_rate,
        highest_rate,
        {{ chi_square_sf('chi_square', 'degrees_of_freedom') }} as p_value
    from distances
    where smallest_affected_count >= 5 and smallest_unaffected_count >= 5
)

select * from tested
