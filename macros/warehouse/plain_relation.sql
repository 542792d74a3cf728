{#- The plain exposures or events as SQL reads them: CSV or Parquet files by their ending, or else a table of
    the warehouse, with its schema if need be. Of CSV every column is text, which staging types.
    has_file_names: whether rows are to say of which file they are, where they are of files. -#}
{% macro plain_relation(door, has_file_names=false) %}
    {{- return(adapter.dispatch('plain_relation', 'experiment_metrics')(door, has_file_names)) -}}
{% endmacro %}

{% macro default__plain_relation(door, has_file_names) %}
    {%- set parts = [] -%}
    {%- for part in experiment_metrics.plain_source(door).split('.') -%}
        {%- do parts.append(adapter.quote(part)) -%}
    {%- endfor -%}
    {{- return(parts | join('.')) -}}
{% endmacro %}


{#- CSV or Parquet files, by a path or a glob, as a DuckDB table function. -#}
{% macro plain_files(path, has_file_names=false) %}
    {%- set options = ["hive_partitioning = false", "union_by_name = true"] -%}
    {%- if has_file_names -%}
        {%- do options.append(
            "filename = " ~ experiment_metrics.string_literal(experiment_metrics.file_name_column())
        ) -%}
    {%- endif -%}
    {%- if experiment_metrics.is_csv(path) -%}
        {%- do options.extend([
            experiment_metrics.csv_options(experiment_metrics.csv_delimiter(path)), "all_varchar = true",
            "sample_size = -1",
        ]) -%}
    {%- endif -%}
    {{- return(
        ("read_csv(" if experiment_metrics.is_csv(path) else "read_parquet(")
        ~ experiment_metrics.string_literal(path) ~ ", " ~ options | join(", ") ~ ")"
    ) -}}
{% endmacro %}


{#- What the column is called that says of which file a row is. -#}
{% macro file_name_column() %}
    {{- return('experiment_metrics_file') -}}
{% endmacro %}


{#- The names of the columns of a relation or query that hold one value each: nested ones say nothing by
    themselves. relation: text, SQL to select from. -#}
{% macro flat_columns(relation) %}
    {{- return(adapter.dispatch('flat_columns', 'experiment_metrics')(relation)) -}}
{% endmacro %}

{% macro default__flat_columns(relation) %}
    {{- return(
        adapter.get_column_schema_from_query("select * from " ~ relation) | map(attribute='name') | list
    ) -}}
{% endmacro %}
