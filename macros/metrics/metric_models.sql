{#- The metrics: the names of the models of the var `metrics`, each a file with one call of
    metric_observations; `defaults` in it stands for those that this package brings for what is read.
    dbt learns from the list what the union of all metrics depends on. -#}
{% macro metric_models() %}
    {%- set names = [] -%}
    {%- for name in experiment_metrics.named_models('metrics') -%}
        {%- do names.extend(experiment_metrics.default_metrics() if name == 'defaults' else [name]) -%}
    {%- endfor -%}
    {{- return(names | unique(case_sensitive=true) | list) -}}
{% endmacro %}


{#- The package's metrics for what is read: those of the sample, or two to begin with of plain exposures, and of the
    plain events that a plan has alone. -#}
{% macro default_metrics() %}
    {%- if 'stg_tables__exposures' in experiment_metrics.given_exposure_models()
        or (experiment_metrics.is_planned() and 'stg_tables__events' in experiment_metrics.event_models()) -%}
        {{- return(['obs_purchase_conversion_rate', 'obs_value_per_visitor']) -}}
    {%- endif -%}
    {{- return(experiment_metrics.shipped_metrics() | reject('equalto', 'obs_value_per_visitor') | list) -}}
{% endmacro %}


{#- All metrics that this package brings. One that the var `metrics` does not list is disabled; of a
    user's own that is not listed, the build says so. -#}
{% macro shipped_metrics() %}
    {{- return([
        'obs_active_subscribers',
        'obs_customer_support_calls_per_visitor',
        'obs_daily_active_users',
        'obs_electronics_revenue_per_visitor',
        'obs_p90_task_latency',
        'obs_page_views_per_visitor',
        'obs_product_detail_page_views_per_visitor',
        'obs_purchase_conversion_rate',
        'obs_sign_up_funnel',
        'obs_tasks_per_active_user',
        'obs_total_customer_support_minutes_per_visitor',
        'obs_value_per_visitor',
        'obs_visited_sign_up_rate',
        'obs_week_1_retention',
    ]) -}}
{% endmacro %}
