{% for model_name in health_checks() %}
    select
        experiment_id,
        experiment_name,
        check_name,
        title,
        segment_name,
        segment_value,
        status,
        value,
        threshold,
        finding,
        advice,
        message
    from {{ ref(model_name) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
