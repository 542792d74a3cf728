{#- The whole of a check of how many rows of a source belong to visitors whom the project knows.
    source_name: text, event or call. -#}
{% macro match_rate_check(source_name) %}
with

days as (
    select * from {{ ref('experiment_days') }}
),

matched as (
    select
        experiment_id,
        sum({{ source_name }}_count) as row_count,
        sum(matched_{{ source_name }}_count) as matched_count
    from days
    group by experiment_id
),

findings as (
    select
        experiment_id,
        row_count,
        matched_count,
        matched_count * 1e0 / row_count as check_value
    from matched
    where row_count >= 20
),

{{ experiment_metrics.health_check(
    name=source_name ~ '_match_rate',
    title=source_name | capitalize ~ 's of known visitors',
    looks_at='share of ' ~ source_name ~ 's',
    threshold='match_warn_share',
    threshold_rule='share',
    fail='matched_count = 0',
    warn='value < threshold',
    found='{matched_count} of {row_count} ' ~ source_name ~ 's ({value:%}) during the experiment are
        of visitors who are in some experiment.',
    remedy='Compare the ids of the ' ~ source_name ~ 's with the visitor ids of the exposures:
        another kind of id, spaces, upper and lower case, numbers that lost digits. Many visitors
        who are in no experiment are no fault: lower the share below which this warns.',
    missing='Not checked: there are fewer than 20 ' ~ source_name ~ 's during the experiment.',
) }}

select * from checked
{% endmacro %}
