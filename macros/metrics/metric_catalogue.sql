{#- A query that gives one row per metric with its definition, read from what the metrics' files
    recorded about themselves. -#}
{% macro metric_catalogue() %}
    {%- set rows = [] -%}
    {%- for model_name in experiment_metrics.metric_models() -%}
        {%- do ref(model_name) -%}
        {%- if execute -%}
            {%- set definition = graph.nodes['model.experiment_metrics.' ~ model_name].config.meta.metric -%}
            {%- for metric in experiment_metrics.metrics_of(definition) -%}
                {%- do rows.append(experiment_metrics.catalogue_row(metric, model_name)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(rows | join('\nunion all\n')) -}}
{% endmacro %}


{#- The metrics that a definition makes: itself, a funnel's steps and rates, and what a breakdown
    splits it into. -#}
{% macro metrics_of(definition) %}
    {%- set values = definition.get('breakdown_values') -%}
    {%- set steps = definition.get('steps') -%}
    {%- if definition.breakdown and experiment_metrics.is_list(values) -%}
        {%- set metrics = [definition] -%}
        {%- for value in values + ['other'] -%}
            {%- do metrics.append(dict(definition, name=definition.name ~ ': ' ~ value)) -%}
        {%- endfor -%}
        {{- return(metrics) -}}
    {%- elif definition.type == 'funnel' and experiment_metrics.is_list(steps) and experiment_metrics.are_definitions(steps) -%}
        {{- return(experiment_metrics.metrics_of_funnel(definition)) -}}
    {%- endif -%}
    {{- return([definition]) -}}
{% endmacro %}


{% macro metrics_of_funnel(definition) %}
    {%- set metrics = [] -%}
    {%- for step in definition.steps -%}
        {%- set name = experiment_metrics.funnel_step_name(definition, loop.index) -%}
        {%- do metrics.append(dict(definition, name=name, is_ratio=false, where=step.where)) -%}
        {%- if not loop.first -%}
            {%- set name = experiment_metrics.funnel_rate_name(definition, loop.index) -%}
            {%- do metrics.append(dict(definition, name=name, is_ratio=true, where=step.where)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(metrics) -}}
{% endmacro %}


{% macro catalogue_row(metric, model_name) %}
    {%- set span = experiment_metrics.metric_span(metric) -%}
    {%- set has_no_default = metric.type == 'time_to' or metric.of == 'events' -%}
    {%- set default = metric.get('default_value', none if has_no_default else 0) -%}
    {%- set cap = metric.cap if metric.cap is mapping else {} -%}
select
    {{ experiment_metrics.literal_or_null(metric.name) }} as metric_name,
    {{ experiment_metrics.literal_or_null(metric.type) }} as metric_type,
    {{ experiment_metrics.literal_or_null(metric.get('direction', 'increase')) }} as direction,
    {{ 'true' if metric.is_guardrail else 'false' }} as is_guardrail,
    {{ experiment_metrics.literal_or_null(metric.unit) }} as unit,
    {{ experiment_metrics.literal_or_null(metric.description) }} as description,
    {{ experiment_metrics.literal_or_null(metric.owner) }} as owner,
    {{ experiment_metrics.literal_or_null(metric.tags | join(' ') if metric.tags else none) }} as tags,
    {{ experiment_metrics.literal_or_null(metric.where) }} as row_filter,
    {{ experiment_metrics.literal_or_null(metric.value) }} as value_expression,
    {{ experiment_metrics.literal_or_null(metric.rollup) }} as rollup_method,
    cast({{ experiment_metrics.number_or_null(span.start_hours) }} as {{ experiment_metrics.type_double() }}) as delay_hours,
    cast({{ experiment_metrics.number_or_null(span.end_hours) }} as {{ experiment_metrics.type_double() }}) as window_hours,
    {{ 'true' if span.has_end else 'false' }} as has_window_end,
    cast({{ experiment_metrics.number_or_null(span.matures_hours) }} as {{ experiment_metrics.type_double() }}) as matures_after_hours,
    {{ 'true' if span.can_mature else 'false' }} as can_mature,
    {{ 'true' if metric.mature_only or metric.type == 'retention' else 'false' }} as is_mature_only,
    {{ 'true' if metric.is_ratio or metric.type == 'ratio' else 'false' }} as is_ratio,
    {{ 'true' if metric.zero_denominator == 'drop' else 'false' }} as drops_zero_denominator,
    cast({{ experiment_metrics.number_or_null(default) }} as {{ experiment_metrics.type_double() }}) as default_value,
    {{ 'true' if metric.rollup == 'daily' else 'false' }} as is_per_exposed_day,
    {{ 'true' if metric.type == 'quantile' else 'false' }} as is_quantile,
    {{ 'true' if metric.of == 'events' else 'false' }} as is_event_quantile,
    cast({{ experiment_metrics.number_or_null(metric.quantile) }} as {{ experiment_metrics.type_double() }}) as quantile_level,
    {{ 'true' if cap else 'false' }} as has_cap,
    cast({{ experiment_metrics.number_or_null(cap.lower) }} as {{ experiment_metrics.type_double() }}) as cap_lower,
    cast({{ experiment_metrics.number_or_null(cap.upper) }} as {{ experiment_metrics.type_double() }}) as cap_upper,
    cast({{ experiment_metrics.number_or_null(cap.lower_percentile) }} as {{ experiment_metrics.type_double() }}) as cap_lower_percentile,
    cast({{ experiment_metrics.number_or_null(cap.upper_percentile) }} as {{ experiment_metrics.type_double() }}) as cap_upper_percentile,
    {{ 'true' if cap.over == 'non_zero' else 'false' }} as is_cap_of_non_zero,
    {{ 'true' if metric.cuped else 'false' }} as has_covariate,
    cast({{ experiment_metrics.number_or_null(span.lookback_hours or none) }} as {{ experiment_metrics.type_double() }}) as covariate_hours,
    cast({{ experiment_metrics.number_or_null(metric.non_inferiority_margin) }} as {{ experiment_metrics.type_double() }})
        as non_inferiority_margin,
    {{ experiment_metrics.string_literal(model_name) }} as model_name
{%- endmacro %}


{% macro literal_or_null(text) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")" if text is none or text is undefined
        else experiment_metrics.string_literal(text)) -}}
{% endmacro %}


{% macro number_or_null(number) %}
    {{- return('null' if number is none or number is undefined else number) -}}
{% endmacro %}
