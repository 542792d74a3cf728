{#- A query that gives one row per metric with its definition, read from what the metrics' files
    recorded about themselves. -#}
{% macro metric_catalogue() %}
    {%- set rows = [] -%}
    {%- for model_name in experiment_metrics.metric_models() -%}
        {%- do ref(model_name) -%}
        {%- if execute -%}
            {%- set node = experiment_metrics.model_named(model_name) -%}
            {%- for metric in experiment_metrics.metrics_of(node.config.meta.metric) -%}
                {%- do rows.append(experiment_metrics.catalogue_row(metric, node)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(rows | join('\nunion all\n')) -}}
{% endmacro %}


{#- The metrics that a definition makes, be it right or wrong: itself, what its type makes of it,
    and what a breakdown splits it into. -#}
{% macro metrics_of(definition) %}
    {%- set name = definition.type if definition.type is string else none -%}
    {%- set type = experiment_metrics.metric_types().get(name, {}) -%}
    {%- set metrics = type.metrics(definition) if type.metrics else [definition] -%}
    {%- set values = definition.get('breakdown_values') -%}
    {%- if definition.breakdown and experiment_metrics.is_list(values) -%}
        {%- for value in values + ['other'] -%}
            {%- do metrics.append(dict(definition, name=definition.name ~ ': ' ~ value)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(metrics) -}}
{% endmacro %}


{#- What dim_metrics says of a metric, by column. metric: dict, one of metrics_of; its arguments are
    right; node: its model. -#}
{% macro metric_facts(metric, node) %}
    {%- set span = experiment_metrics.metric_span(metric) -%}
    {%- set unit = experiment_metrics.unit_of_metric(metric) -%}
    {%- set facts = {
        'metric_name': metric.name,
        'metric_type': metric.type,
        'direction': metric.direction or 'increase',
        'is_guardrail': metric.is_guardrail,
        'unit': unit,
        'description': metric.description,
        'owner': metric.owner,
        'tags': metric.tags | join(' ') if metric.tags else none,
        'row_filter': metric.where,
        'value_expression': metric.value,
        'rollup_method': none,
        'delay_hours': span.start_hours,
        'window_hours': span.end_hours,
        'has_window_end': span.has_end,
        'denominator_delay_hours': none,
        'denominator_window_hours': none,
        'has_denominator_window_end': false,
        'matures_after_hours': span.matures_hours,
        'has_experiment_window': span.has_end and span.matures_hours is none,
        'can_mature': span.can_mature,
        'is_mature_only': metric.mature_only,
        'is_ratio': false,
        'drops_zero_denominator': false,
        'default_value': 0,
        'is_per_exposed_day': false,
        'is_quantile': false,
        'is_event_quantile': false,
        'quantile_level': none,
        'has_cap': (metric.cap or {}) != {},
        'has_covariate': metric.cuped,
        'covariate_hours': span.lookback_hours or none,
        'non_inferiority_margin': metric.non_inferiority_margin,
        'model_name': node.name,
        'model_file': node.original_file_path,
        'definition': node.raw_code,
    } -%}
    {%- do facts.update(experiment_metrics.money_facts(unit)) -%}
    {%- do facts.update(experiment_metrics.cap_facts(metric.cap)) -%}
    {%- do facts.update(experiment_metrics.cap_facts(none, 'denominator_')) -%}
    {%- set facts_of_type = experiment_metrics.metric_types()[metric.type].facts -%}
    {%- do facts.update(facts_of_type(metric) if facts_of_type else {}) -%}
    {%- if 'default_value' in metric -%}
        {%- do facts.update({'default_value': metric.default_value}) -%}
    {%- endif -%}
    {{- return(facts) -}}
{% endmacro %}


{#- What dim_metrics says of a cap, or of none. part: text, what it is of: denominator_ where it is
    of a ratio's denominator. -#}
{% macro cap_facts(cap, part='') %}
    {%- set cap = cap or {} -%}
    {{- return({
        part ~ 'cap_lower': cap.lower,
        part ~ 'cap_upper': cap.upper,
        part ~ 'cap_lower_percentile': cap.lower_percentile,
        part ~ 'cap_upper_percentile': cap.upper_percentile,
        'is_' ~ part ~ 'cap_of_non_zero': cap.over == 'non_zero',
    }) -}}
{% endmacro %}


{#- A row of dim_metrics, as a query. -#}
{% macro catalogue_row(metric, node) %}
    {%- set numbers = [
        'delay_hours', 'window_hours', 'denominator_delay_hours', 'denominator_window_hours',
        'matures_after_hours', 'default_value', 'quantile_level', 'cap_lower', 'cap_upper',
        'cap_lower_percentile', 'cap_upper_percentile', 'denominator_cap_lower',
        'denominator_cap_upper', 'denominator_cap_lower_percentile',
        'denominator_cap_upper_percentile', 'covariate_hours', 'non_inferiority_margin'
    ] -%}
    {%- set columns = [] -%}
    {%- for name, value in experiment_metrics.metric_facts(metric, node).items() -%}
        {%- if name in numbers -%}
            {%- set number = experiment_metrics.number_or_null(value) -%}
            {%- set sql = 'cast(' ~ number ~ ' as ' ~ experiment_metrics.type_double() ~ ')' -%}
        {%- elif name == 'currency_decimals' -%}
            {%- set sql = 'cast(' ~ experiment_metrics.number_or_null(value) ~ ' as integer)' -%}
        {%- elif name.startswith(('is_', 'has_', 'can_', 'drops_')) -%}
            {%- set sql = 'true' if value else 'false' -%}
        {%- else -%}
            {%- set sql = experiment_metrics.literal_or_null(value) -%}
        {%- endif -%}
        {%- do columns.append(sql ~ ' as ' ~ name) -%}
    {%- endfor -%}
    {{- return('select\n    ' ~ columns | join(',\n    ')) -}}
{% endmacro %}


{% macro literal_or_null(text) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")" if text is none or text is undefined
        else experiment_metrics.string_literal(text)) -}}
{% endmacro %}


{% macro number_or_null(number) %}
    {{- return('null' if number is none or number is undefined else number) -}}
{% endmacro %}
