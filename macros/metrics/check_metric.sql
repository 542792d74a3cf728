{#- Raises where a metric's definition is not one: names the file, the argument and what is allowed. -#}
{% macro check_metric(metric, source, unknown) %}
    {% for argument in unknown %}
        {% do metric_error(
            "unknown argument '" ~ argument ~ "'. Did you mean '"
            ~ nearest(argument, (metric.keys() | list) + ['source']) ~ "'?"
        ) %}
    {% endfor %}
    {% for argument in ['name', 'type'] if not metric[argument] %}
        {% do metric_error("'" ~ argument ~ "' is missing.") %}
    {% endfor %}
    {% if not source %}
        {% do metric_error("'source' is missing. Give a relation, such as ref('experiment_events').") %}
    {% endif %}
    {% for argument in ['name', 'where', 'value', 'unit', 'owner', 'description'] %}
        {% if metric[argument] is not none and not (metric[argument] is string and metric[argument] | trim) %}
            {% do metric_error("'" ~ argument ~ "' must be a text that is not empty.") %}
        {% endif %}
    {% endfor %}
    {% do check_choice(metric, 'type', ['conversion', 'count', 'sum']) %}
    {% do check_choice(metric, 'direction', ['increase', 'decrease']) %}
    {% do check_choice(metric, 'is_guardrail', [true, false]) %}
    {% if metric.type == 'sum' and not metric.value %}
        {% do metric_error("'value' is missing: the SQL expression that a sum adds up, such as 'revenue'.") %}
    {% endif %}
    {% if metric.type != 'sum' and metric.value %}
        {% do metric_error("'value' is for the type sum, not for " ~ metric.type ~ ".") %}
    {% endif %}
    {% if metric.default_value is not number or metric.default_value is boolean %}
        {% do metric_error("'default_value' must be a number.") %}
    {% endif %}
    {% set hours = metric.window_hours %}
    {% if hours is not none and (hours is not number or hours is boolean or hours <= 0) %}
        {% do metric_error("'window_hours' must be a number above 0.") %}
    {% endif %}
{% endmacro %}


{#- Raises where an argument holds none of the values it may hold. -#}
{% macro check_choice(metric, argument, choices) %}
    {% if metric[argument] not in choices %}
        {% do metric_error(
            "'" ~ argument ~ "' is '" ~ metric[argument] ~ "', but must be one of: "
            ~ choices | join(", ") ~ "."
        ) %}
    {% endif %}
{% endmacro %}


{#- Raises an error about the metric whose model is being compiled. -#}
{% macro metric_error(problem) %}
    {{ exceptions.raise_compiler_error("Metric in " ~ model.original_file_path ~ ": " ~ problem) }}
{% endmacro %}
