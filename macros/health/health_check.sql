{#- CTEs that end in `checked`: the findings of a health check in the shape that all checks share.
    Every experiment has a row; one without a finding has no value, and says why. Reads the CTE
    findings: experiment_id; check_value, null where it can't be computed; by segment, segment_name
    and segment_value; and what texts and conditions name, which know check_value as value.
    name: text, the check's; threshold: number, or text, a column of the findings; found, remedy,
    missing: text, what was found, what to do about it, and why there is no value, see sentence;
    fail, warn: text, SQL conditions over the findings, value and threshold, of which the first
    counts; missing_status: text, the status without a value; by_segment: boolean. -#}
{% macro health_check(
    name, threshold, found, remedy, missing,
    fail='false', warn='false', missing_status='ok', by_segment=false
) %}
measured as (
    select
        findings.*,
        cast(check_value as {{ experiment_metrics.type_double() }}) as value,
        cast({{ threshold }} as {{ experiment_metrics.type_double() }}) as threshold
    from findings
    where check_value is not null
),

judged as (
    select
        experiment_id,
        {{ 'segment_name' if by_segment else "'(all)' as segment_name" }},
        {{ 'segment_value' if by_segment else "'(all)' as segment_value" }},
        case
            when {{ fail }} then 'fail'
            when {{ warn }} then 'warn'
            else 'ok'
        end as status,
        value,
        threshold,
        {{ experiment_metrics.sentence(found) }} as found,
        {{ experiment_metrics.sentence(remedy) }} as remedy
    from measured
),

checked as (
    select
        experiments.experiment_id,
        experiments.experiment_name,
        {{ experiment_metrics.string_literal(name) }} as check_name,
        coalesce(judged.segment_name, '(all)') as segment_name,
        coalesce(judged.segment_value, '(all)') as segment_value,
        coalesce(judged.status, {{ experiment_metrics.string_literal(missing_status) }}) as status,
        judged.value,
        {{ 'judged.threshold' if threshold is string
            else 'cast(' ~ threshold ~ ' as ' ~ experiment_metrics.type_double() ~ ') as threshold' }},
        case
            when judged.status is null then {{ experiment_metrics.sentence(missing) }}
            when judged.status = 'ok' then judged.found
            else judged.found || ' ' || judged.remedy
        end as message
    from {{ ref('dim_experiments') }} as experiments
    left join judged on experiments.experiment_id = judged.experiment_id
)
{%- endmacro %}
