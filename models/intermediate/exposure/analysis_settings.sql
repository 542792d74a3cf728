{% for name in analysis_settings() %}
    select
        {{ string_literal(name) }} as setting_name,
        {{ string_literal(tojson(var(name))) }} as setting_value
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
