{#- Stops the run where the list of metrics and the files disagree, or two metrics share a name.
    Called on-run-start. -#}
{% macro check_metric_files() %}
    {% set files_by_name = {} %}
    {% for node in experiment_metrics.listed_models('metric', experiment_metrics.metric_models(), 'the var metrics in dbt_project.yml') %}
        {% set definition = node.config.meta.get('metric') or {} %}
        {% for metric in experiment_metrics.metrics_of(definition) if definition.name is string %}
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


{#- The project's models with a tag, which must all be in a list. listed: list of text; file: text, where
    the list is. -#}
{% macro listed_models(tag, listed, file) %}
    {% set models = [] %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and tag in node.tags
        and node.package_name == 'experiment_metrics' %}
        {% if node.name not in listed %}
            {{ exceptions.raise_compiler_error(
                node.original_file_path ~ " is not in the list of " ~ tag | replace("_", " ")
                ~ "s. Add '" ~ node.name ~ "' to " ~ file ~ "."
            ) }}
        {% endif %}
        {% do models.append(node) %}
    {% endfor %}
    {{ return(models) }}
{% endmacro %}
