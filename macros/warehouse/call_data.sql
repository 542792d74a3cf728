{#- The CSV of call records to read instead of the seed; empty for the seed. -#}
{% macro call_data_path() %}
    {{- return(var('call_data_path') or env_var('CALL_DATA_PATH', '')) -}}
{% endmacro %}


{#- The raw call records, all columns text: user_id, call_start, call_duration_min. The first may
    be called visitor_id instead. Each with its place, file_name and file_row. -#}
{% macro raw_call_data() %}
    {{- return(adapter.dispatch('raw_call_data', 'experiment_metrics')()) -}}
{% endmacro %}


{#- A CSV of call records as a DuckDB table function. -#}
{% macro read_call_data(path) %}
    {{- return(
        "read_csv(" ~ experiment_metrics.string_literal(experiment_metrics.literal_path(path)) ~ ", "
        ~ experiment_metrics.csv_options(experiment_metrics.call_delimiter()) ~ ", all_varchar = true, sample_size = -1)"
    ) -}}
{% endmacro %}


{#- What separates the cells of call records. -#}
{% macro call_delimiter() %}
    {{- return(experiment_metrics.declared_delimiter() or ',') -}}
{% endmacro %}
