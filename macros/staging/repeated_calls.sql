{#- A query that gives the calls that a source brings more than once, equal in visitor, time and duration:
    copy_count of each; of the source's calls, call_count, those beyond the first of each are repeat_count; and
    is_doubled where they are too many to be chance. Calls with ids of their own are never that. -#}
{% macro repeated_calls() %}
select
    source_name,
    visitor_id,
    occurred_at,
    call_duration_min,
    copy_count,
    repeat_count,
    call_count,
    source_name = {{ experiment_metrics.string_literal(experiment_metrics.source_name('stg_call_center__calls')) }}
    and repeat_count > 1
    and repeat_count * 100 > call_count as is_doubled
from (
    select
        source_name,
        visitor_id,
        occurred_at,
        call_duration_min,
        count(*) as copy_count,
        sum(count(*)) over (partition by source_name) as call_count,
        sum(count(*) - 1) over (partition by source_name) as repeat_count
    from {{ ref('all_calls') }}
    group by source_name, visitor_id, occurred_at, call_duration_min
) as copies
where copy_count > 1
{% endmacro %}
