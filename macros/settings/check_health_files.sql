{#- Stops the run where a health check is not listed: nobody would see what it finds. Called
    on-run-start. -#}
{% macro check_health_files() %}
    {% for node in experiment_metrics.health_check_models() if node.name not in experiment_metrics.health_checks() %}
        {{ exceptions.raise_compiler_error(
            node.original_file_path ~ " is not in the list of health checks. Add '" ~ node.name
            ~ "' to macros/health/health_checks.sql or, in a project of your own, to the var health_checks."
        ) }}
    {% endfor %}
{% endmacro %}


{#- The models that are health checks, be they of this project or of one that uses it: those that recorded
    themselves as one. -#}
{% macro health_check_models() %}
    {% set models = [] %}
    {% for node in graph.nodes.values()
        if node.resource_type == 'model' and node.config.meta.get('health_check') %}
        {% do models.append(node) %}
    {% endfor %}
    {{ return(models) }}
{% endmacro %}


{#- What is wrong with each setting that a health check uses, by its name; none if nothing is. -#}
{% macro health_setting_problems() %}
    {% set problems = {} %}
    {% for node in experiment_metrics.health_check_models() %}
        {% for name, problem in node.config.meta.health_check.setting_problems.items() %}
            {% do problems.update({name: problem or problems.get(name)}) %}
        {% endfor %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}
