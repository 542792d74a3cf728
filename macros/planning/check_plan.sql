{#- Stops the run where a plan can't be made as it was asked for, or would take the place of the experiments' tables.
    Called on-run-start. -#}
{% macro check_plan() %}
    {% if experiment_metrics.is_planned() and flags.WHICH in ['build', 'run'] %}
        {% set days = var('plan_baseline_days') %}
        {% set schema = experiment_metrics.model_named('metric_plans').schema %}
        {% if days != days | round %}
            {{ exceptions.raise_compiler_error(
                "The var 'plan_baseline_days' is '" ~ days ~ "', but must be a whole number of days."
            ) }}
        {% elif var('plan_schema') != schema %}
            {{ exceptions.raise_compiler_error(
                "With the var 'plan_baseline_days' the tables of a baseline take the place of the experiments': build"
                ~ " them into a schema of their own, and name it by the var 'plan_schema'. This run writes to the"
                ~ " schema " ~ schema ~ ", and plan_schema is '" ~ var('plan_schema') ~ "'."
            ) }}
        {% endif %}
        {% do experiment_metrics.check_planned_metrics() %}
    {% endif %}
{% endmacro %}


{#- The metrics that are to be planned are there. -#}
{% macro check_planned_metrics() %}
    {% set names = [] %}
    {% for model_name in experiment_metrics.metric_models() %}
        {% for metric in experiment_metrics.metrics_of(
            experiment_metrics.model_named(model_name).config.meta.metric
        ) %}
            {% do names.append(metric.name) %}
        {% endfor %}
    {% endfor %}
    {% for name in var('plan_metrics') if name not in names %}
        {{ exceptions.raise_compiler_error(
            "There is no metric '" ~ name ~ "'. Did you mean '" ~ experiment_metrics.nearest(name, names)
            ~ "'? There are: " ~ names | join(', ') ~ "."
        ) }}
    {% endfor %}
{% endmacro %}
