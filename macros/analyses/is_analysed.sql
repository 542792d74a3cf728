{#- The condition that a row is in what the vars analysis_… ask for. Checks the vars first, because
    `dbt compile` and `dbt show` run no on-run-start hook: a mistyped var would give numbers of
    everything.
    relation: text, the rows' alias, with experiment_id; time: text, its column that the range
    limits (from the start on, before the end); none for no limit. -#}
{% macro is_analysed(relation, time=none) %}
    {%- if execute -%}{%- do experiment_metrics.check_settings() -%}{%- endif -%}
    {%- set conditions = [] -%}
    {%- if var('analysis_experiment_id') -%}
        {%- do conditions.append(
            relation ~ ".experiment_id = " ~ experiment_metrics.string_literal(var('analysis_experiment_id'))
        ) -%}
    {%- endif -%}
    {%- for bound, comparison in [('analysis_starts_at', '>='), ('analysis_ends_at', '<')]
        if time and var(bound) -%}
        {%- do conditions.append(
            relation ~ "." ~ time ~ " " ~ comparison ~ " cast(" ~ experiment_metrics.string_literal(var(bound)) ~ " as "
            ~ dbt.type_timestamp() ~ ")"
        ) -%}
    {%- endfor -%}
    {{- return(conditions | join(' and ') or 'true') -}}
{% endmacro %}
