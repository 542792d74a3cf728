{#- The rest of a check of rows that staging can't use: CTEs that end in `checked`, from `counted`, the rows of
    each experiment by the reason that they can't be used, null for those that can.
    name, title, found, remedy, missing: as in health_check. -#}
{% macro unusable_rows_check(name, title, found, remedy, missing) %}
findings as (
    select
        experiment_id,
        sum(case when reason is not null then row_count else 0 end) as unusable_count,
        sum(row_count) as row_count,
        coalesce({{ dbt.listagg(
            'case when reason is not null then ' ~ experiment_metrics.sentence('{reason:text} {row_count}') ~ ' end',
            "', '", 'order by row_count desc, reason'
        ) }}, 'none') as reasons,
        sum(case when reason is not null then row_count else 0 end) * 1e0 / sum(row_count)
            as check_value
    from counted
    group by experiment_id
),

{{ experiment_metrics.health_check(
    name=name,
    title=title,
    looks_at='share of rows',
    threshold='unusable_fail_share',
    threshold_rule='share',
    fail='value > threshold and unusable_count >= 5',
    warn='value > threshold',
    found=found,
    remedy=remedy,
    missing=missing,
) }}
{%- endmacro %}
