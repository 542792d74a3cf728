{#- The plain exposures or events as SQL reads them: CSV or Parquet files by their ending, or else a table of
    the warehouse, with its schema if need be. Of CSV every column is text, which staging types. -#}
{% macro plain_relation(door) %}
    {{- return(adapter.dispatch('plain_relation', 'experiment_metrics')(door)) -}}
{% endmacro %}

{% macro default__plain_relation(door) %}
    {%- set parts = [] -%}
    {%- for part in experiment_metrics.plain_source(door).split('.') -%}
        {%- do parts.append(adapter.quote(part)) -%}
    {%- endfor -%}
    {{- return(parts | join('.')) -}}
{% endmacro %}

{% macro duckdb__plain_relation(door) %}
    {%- set source = experiment_metrics.plain_source(door) -%}
    {%- set path = experiment_metrics.string_literal(source) -%}
    {%- if source.endswith('.parquet') -%}
        {{- return("read_parquet(" ~ path ~ ", hive_partitioning = false, union_by_name = true)") -}}
    {%- elif experiment_metrics.is_csv(source) -%}
        {{- return(
            "read_csv(" ~ path ~ ", header = true, quote = '\"', escape = '\"', skip = 0, comment = '', "
            ~ "all_varchar = true, sample_size = -1, hive_partitioning = false, union_by_name = true)"
        ) -}}
    {%- endif -%}
    {{- return(experiment_metrics.default__plain_relation(door)) -}}
{% endmacro %}


{% macro is_csv(source) %}
    {{- return(modules.re.search('\\.(csv|tsv|txt)(\\.gz)?$', source) is not none) -}}
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

{% macro duckdb__flat_columns(relation) %}
    {%- set described = run_query(
        "select column_name from (describe select * from " ~ relation ~ ") where column_type not like 'STRUCT%'"
        ~ " and column_type not like 'MAP%' and column_type not like '%]'"
    ) -%}
    {{- return(described.columns[0].values() | map('string') | list) -}}
{% endmacro %}
