{#- A query that gives one row per metric with its definition, read from what the metrics' files
    recorded about themselves. -#}
{% macro metric_catalogue() %}
    {%- set rows = [] -%}
    {%- for model_name in metric_models() -%}
        {%- do ref(model_name) -%}
        {%- if execute -%}
            {%- set definition = graph.nodes['model.experiment_metrics.' ~ model_name].config.meta.metric -%}
            {%- for metric in metrics_of(definition) -%}
                {%- do rows.append(catalogue_row(metric, model_name)) -%}
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
    {%- if definition.breakdown and is_list(values) -%}
        {%- set metrics = [definition] -%}
        {%- for value in values + ['other'] -%}
            {%- do metrics.append(dict(definition, name=definition.name ~ ': ' ~ value)) -%}
        {%- endfor -%}
        {{- return(metrics) -}}
    {%- elif definition.type == 'funnel' and is_list(steps) and are_definitions(steps) -%}
        {{- return(metrics_of_funnel(definition)) -}}
    {%- endif -%}
    {{- return([definition]) -}}
{% endmacro %}


{% macro metrics_of_funnel(definition) %}
    {%- set metrics = [] -%}
    {%- for step in definition.steps -%}
        {%- set name = funnel_step_name(definition, loop.index) -%}
        {%- do metrics.append(dict(definition, name=name, is_ratio=false, where=step.where)) -%}
        {%- if not loop.first -%}
            {%- set name = funnel_rate_name(definition, loop.index) -%}
            {%- do metrics.append(dict(definition, name=name, is_ratio=true, where=step.where)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(metrics) -}}
{% endmacro %}


{% macro catalogue_row(metric, model_name) %}
    {%- set span = metric_span(metric) -%}
    {%- set has_no_default = metric.type == 'time_to' or metric.of == 'events' -%}
    {%- set default = metric.get('default_value', none if has_no_default else 0) -%}
    {%- set cap = metric.cap if metric.cap is mapping else {} -%}
select
    {{ literal_or_null(metric.name) }} as metric_name,
    {{ literal_or_null(metric.type) }} as metric_type,
    {{ literal_or_null(metric.get('direction', 'increase')) }} as direction,
    {{ 'true' if metric.is_guardrail else 'false' }} as is_guardrail,
    {{ literal_or_null(metric.unit) }} as unit,
    {{ literal_or_null(metric.description) }} as description,
    {{ literal_or_null(metric.owner) }} as owner,
    {{ literal_or_null(metric.tags | join(' ') if metric.tags else none) }} as tags,
    {{ literal_or_null(metric.where) }} as row_filter,
    {{ literal_or_null(metric.value) }} as value_expression,
    {{ literal_or_null(metric.rollup) }} as rollup_method,
    cast({{ number_or_null(span.start_hours) }} as {{ type_double() }}) as delay_hours,
    cast({{ number_or_null(span.end_hours) }} as {{ type_double() }}) as window_hours,
    {{ 'true' if span.has_end else 'false' }} as has_window_end,
    cast({{ number_or_null(span.matures_hours) }} as {{ type_double() }}) as matures_after_hours,
    {{ 'true' if span.can_mature else 'false' }} as can_mature,
    {{ 'true' if metric.mature_only or metric.type == 'retention' else 'false' }} as is_mature_only,
    {{ 'true' if metric.is_ratio or metric.type == 'ratio' else 'false' }} as is_ratio,
    {{ 'true' if metric.zero_denominator == 'drop' else 'false' }} as drops_zero_denominator,
    cast({{ number_or_null(default) }} as {{ type_double() }}) as default_value,
    {{ 'true' if metric.rollup == 'daily' else 'false' }} as is_per_exposed_day,
    {{ 'true' if metric.type == 'quantile' else 'false' }} as is_quantile,
    {{ 'true' if metric.of == 'events' else 'false' }} as is_event_quantile,
    cast({{ number_or_null(metric.quantile) }} as {{ type_double() }}) as quantile_level,
    {{ 'true' if cap else 'false' }} as has_cap,
    cast({{ number_or_null(cap.lower) }} as {{ type_double() }}) as cap_lower,
    cast({{ number_or_null(cap.upper) }} as {{ type_double() }}) as cap_upper,
    cast({{ number_or_null(cap.lower_percentile) }} as {{ type_double() }}) as cap_lower_percentile,
    cast({{ number_or_null(cap.upper_percentile) }} as {{ type_double() }}) as cap_upper_percentile,
    {{ 'true' if cap.over == 'non_zero' else 'false' }} as is_cap_of_non_zero,
    {{ 'true' if metric.cuped else 'false' }} as has_covariate,
    cast({{ number_or_null(span.lookback_hours or none) }} as {{ type_double() }}) as covariate_hours,
    cast({{ number_or_null(metric.non_inferiority_margin) }} as {{ type_double() }})
        as non_inferiority_margin,
    {{ string_literal(model_name) }} as model_name
{%- endmacro %}


{% macro literal_or_null(text) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")" if text is none or text is undefined
        else string_literal(text)) -}}
{% endmacro %}


{% macro number_or_null(number) %}
    {{- return('null' if number is none or number is undefined else number) -}}
{% endmacro %}
