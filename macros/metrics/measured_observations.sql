{#- A query that gives the observations as they are and, of metrics with a cap, once more as capped
    (is_capped), with the moment_measures. observations: text, the CTE of them, as in
    fct_metric_observations; columns: list of text, what else to carry. Reads the CTE metrics. -#}
{% macro measured_observations(observations, columns) %}
    {%- for is_capped in ['false', 'true'] %}
select
    {{ observations }}.experiment_id,
    {{ observations }}.metric_name,
    {{ observations }}.variation_id,
        {%- for column in columns %}
    {{ observations }}.{{ column }},
        {%- endfor %}
    {{ is_capped }} as is_capped,
    {{ observations }}.{{ 'capped_' if is_capped == 'true' }}observation as observation,
    {{ observations }}.denominator,
    {{ observations }}.{{ 'capped_' if is_capped == 'true' }}covariate as covariate,
    {{ observations }}.covariate_denominator
from {{ observations }}
inner join metrics on {{ observations }}.metric_name = metrics.metric_name
        {%- if not loop.last %}
union all
        {%- else %}
where metrics.has_cap
        {%- endif %}
    {%- endfor %}
{% endmacro %}
