{#- The CSV of call records to read instead of the seed; empty for the seed. -#}
{% macro call_data_path() %}
    {{- return(var('call_data_path') or env_var('CALL_DATA_PATH', '')) -}}
{% endmacro %}


{#- The raw call records, all columns text: user_id, call_start, call_duration_min. The first may
    be called visitor_id instead. -#}
{% macro raw_call_data() %}
    {{- return(adapter.dispatch('raw_call_data', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro duckdb__raw_call_data() %}
    {%- set records = experiment_metrics.read_call_data(experiment_metrics.call_data_path()) if experiment_metrics.call_data_path() else ref('call_data') -%}
    {%- if execute and not experiment_metrics.call_data_path() -%}
        {#- A seed that is not there yet, or given by a unit test, has no columns to check. -#}
        {%- set columns = adapter.get_columns_in_relation(records) | map(attribute='name') | list -%}
        {%- if columns -%}{%- do experiment_metrics.check_call_data_columns(columns, 'seeds/call_data.csv') -%}{%- endif -%}
    {%- endif -%}
    {{- return(
        "(select columns('^(user_id|visitor_id)$') as user_id, call_start, call_duration_min from "
        ~ records ~ ")"
    ) -}}
{% endmacro %}


{#- A CSV of call records as a DuckDB table function. Without skip and comment DuckDB would guess
    them, and silently leave out rows that don't fit its guess. columns: list of text, the names in its
    first line, where lines that don't fit them are to be told in reject_errors. -#}
{% macro read_call_data(path, columns=[]) %}
    {%- set types = [] -%}
    {%- for column in columns -%}
        {%- do types.append(experiment_metrics.string_literal(column or 'column' ~ loop.index) ~ ": 'varchar'") -%}
    {%- endfor -%}
    {{- return(
        "read_csv(" ~ experiment_metrics.string_literal(experiment_metrics.literal_path(path)) ~ ", header = true, delim = ',', quote = '\"', "
        ~ "escape = '\"', skip = 0, comment = '', "
        ~ ("auto_detect = false, store_rejects = true, columns = {" ~ types | join(", ") ~ "})" if types
            else "all_varchar = true, sample_size = -1)")
    ) -}}
{% endmacro %}
