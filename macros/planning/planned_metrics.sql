{#- The metrics that a plan is about, each as its facts in dim_metrics: those that the var plan_metrics names, or all.
    -#}
{% macro planned_metrics() %}
    {%- set planned = [] -%}
    {%- for model_name in experiment_metrics.metric_models() if execute -%}
        {%- set node = experiment_metrics.model_named(model_name) -%}
        {%- for metric in experiment_metrics.metrics_of(node.config.meta.metric)
            if not var('plan_metrics') or metric.name in var('plan_metrics') -%}
            {%- do planned.append(experiment_metrics.metric_facts(metric, node)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(planned) -}}
{% endmacro %}


{#- The hours that the longest of the planned metrics observes a unit; those without an end have no plan. Vars are
    checked when a run begins, so that whatever stands in one is taken while the project is parsed. -#}
{% macro planned_window_hours() %}
    {%- set hours = [var('attribution_window_hours') | float] -%}
    {%- for metric in experiment_metrics.planned_metrics() if metric.can_mature -%}
        {%- do hours.append(metric.matures_after_hours or 0) -%}
    {%- endfor -%}
    {{- return(hours | max) -}}
{% endmacro %}
