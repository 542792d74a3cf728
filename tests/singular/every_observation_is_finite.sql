{#- One that is not would stop the models of all metrics together, which can't say whose it is. -#}
{% for model_name in metric_models() %}
    select
        {{ string_literal(file_of(model_named(model_name)) if execute) }} as metric_file,
        metric_name,
        count(*) as row_count,
        min(unit_id) as unit_id,
        min(observation) as observation,
        min(denominator) as denominator
    from {{ ref(model_name) }}
    where not abs(observation) <= 1e50 or not abs(denominator) <= 1e50
    group by metric_name
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
