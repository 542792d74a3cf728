{#- A query that counts each source's calls, and those of them whose visitors were exposed to an experiment:
    one row per source with calls; is_sample, whether they are the sample's, which the seed has when it is
    left as it is. -#}
{% macro matched_calls() %}
select
    calls.source_name,
    count(*) as call_count,
    count(exposed_visitors.visitor_id) as matched_call_count,
    min(case when exposed_visitors.visitor_id is null then calls.visitor_id end)
        as example_visitor_id,
    {{ experiment_metrics.is_sample_call_data() }} as is_sample
from {{ ref('all_calls') }} as calls
left join (
    select distinct visitor_id from {{ ref('experiment_units') }}
) as exposed_visitors on calls.visitor_id = exposed_visitors.visitor_id
group by calls.source_name
{% endmacro %}


{#- Whether the call records are those of the sample, as SQL: the seed is read, and has its first record. -#}
{% macro is_sample_call_data() %}
    {%- if experiment_metrics.is_read('stg_call_center__calls') and not experiment_metrics.call_data_path() -%}
        {{- return(
            "exists (select 1 from " ~ ref('call_data') ~ " where user_id = 'qa_visitor_2' and call_start = "
            ~ "'9/15/2020 0:00:00' and call_duration_min = '5.744471471520')"
        ) -}}
    {%- endif -%}
    {{- return('false') -}}
{% endmacro %}
