{#- Stops the run where the var metrics and the metrics' models disagree, or two metrics share a
    name. A model is a metric if metric_observations wrote it, in whatever project it is. Called
    on-run-start. -#}
{% macro check_metric_files() %}
    {% set listed = experiment_metrics.metric_models() %}
    {% if not listed %}
        {% do experiment_metrics.stop_for_metrics(
            "The list of metrics is empty. Add the name of a metric's model to"
        ) %}
    {% endif %}
    {% for node in graph.nodes.values() if node.resource_type == 'model'
        and node.config.meta.get('metric') and node.name not in listed %}
        {% do experiment_metrics.stop_for_metrics(
            experiment_metrics.file_of(node) ~ " is not in the list of metrics. Add '"
            ~ node.name ~ "' to"
        ) %}
    {% endfor %}
    {% set files_by_name = {} %}
    {% for model_name in listed %}
        {% set node = experiment_metrics.model_named(model_name) %}
        {% set file = experiment_metrics.file_of(node) %}
        {% set definition = node.config.meta.get('metric') %}
        {% if not definition %}
            {% do experiment_metrics.stop_for_metrics(
                file ~ " is no metric: it has no call of metric_observations. Remove '"
                ~ node.name ~ "' from"
            ) %}
        {% endif %}
        {% for metric in experiment_metrics.metrics_of(definition) if metric.name is string %}
            {% if files_by_name.get(metric.name, file) != file %}
                {{ exceptions.raise_compiler_error(
                    "Two metrics are named '" ~ metric.name ~ "': " ~ files_by_name[metric.name]
                    ~ " and " ~ file ~ ". Rename one."
                ) }}
            {% endif %}
            {% do files_by_name.update({metric.name: file}) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}


{#- Raises an error whose remedy is to change the list of metrics. problem: text, up to where that
    is. -#}
{% macro stop_for_metrics(problem) %}
    {{ exceptions.raise_compiler_error(problem ~ " the var metrics in dbt_project.yml.") }}
{% endmacro %}


{#- The node of a model that ref(name) gives: the root project's, if it has one of that name. -#}
{% macro model_named(name) %}
    {% set found = {} %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name == name %}
        {% do found.update({node.package_name: node}) %}
    {% endfor %}
    {{ return(found.get(project_name) or (found.values() | first)) }}
{% endmacro %}


{#- The file of a node, for a message; of a package, its name is said. -#}
{% macro file_of(node) %}
    {{ return(
        node.original_file_path
        ~ ("" if node.package_name == project_name else " of the package " ~ node.package_name)
    ) }}
{% endmacro %}
