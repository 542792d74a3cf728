{#- Stops the run where the list of metrics and the files disagree, or two metrics share a name.
    Called on-run-start. -#}
{% macro check_metric_files() %}
    {% set nodes = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('package_name', 'equalto', 'experiment_metrics') | list %}
    {% set listed = metric_models() %}
    {% set files_by_name = {} %}
    {% for node in nodes if 'metric' in node.tags %}
        {% if node.name not in listed %}
            {{ exceptions.raise_compiler_error(
                node.original_file_path ~ " is not in the list of metrics. Add '" ~ node.name
                ~ "' to macros/metrics/metric_models.sql."
            ) }}
        {% endif %}
        {% for metric in metrics_of(node.config.meta.get('metric') or {}) %}
            {% if files_by_name.get(metric.name, node.original_file_path) != node.original_file_path %}
                {{ exceptions.raise_compiler_error(
                    "Two metrics are named '" ~ metric.name ~ "': " ~ files_by_name[metric.name]
                    ~ " and " ~ node.original_file_path ~ ". Rename one."
                ) }}
            {% endif %}
            {% do files_by_name.update({metric.name: node.original_file_path}) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}
