{#- A query that gives the observations as they are and, of metrics with a cap, once more as capped
    (is_capped), with the moment_measures. observations: text, the CTE of them, as in
    fct_metric_observations; columns: list of text, what else to carry. Reads the CTE metrics. -#}
{% macro measured_observations(observations, columns) %}
    {%- for is_capped in ['false', 'true'] %}
    {%- set prefix = 'capped_' if is_capped == 'true' else '' %}
select
    {{ observations }}.experiment_id,
    {{ observations }}.metric_name,
    {{ observations }}.variation_id,
        {%- for column in columns %}
    {{ observations }}.{{ column }},
        {%- endfor %}
    {{ is_capped }} as is_capped,
        {%- for measure in experiment_metrics.moment_measures() %}
    {{ observations }}.{{ prefix }}{{ measure }} as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
from {{ observations }}
inner join metrics on {{ observations }}.metric_name = metrics.metric_name
        {%- if not loop.last %}
union all
        {%- else %}
where metrics.has_cap
        {%- endif %}
    {%- endfor %}
{% endmacro %}
