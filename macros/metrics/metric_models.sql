{#- The metrics of the project: the models in models/observations/, by name. A new metric is a file
    there and a line here; a file without its line stops the build. The list is literal because dbt
    learns from it what the union depends on. -#}
{% macro metric_models() %}
    {{ return([
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
        'obs_visited_sign_up_rate',
        'obs_week_1_retention',
    ]) }}
{% endmacro %}
