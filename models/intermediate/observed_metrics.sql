{{ config(materialized='view') }}

{% for model_name in metric_models() %}
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        observation,
        denominator
    from {{ portable(ref(model_name)) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
