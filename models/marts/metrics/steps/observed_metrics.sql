{{ config(materialized='view') }}

{% for model_name in metric_models() %}
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        row_kind,
        observed_date,
        observation,
        denominator,
        is_latest
    from {{ portable(ref(model_name)) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
