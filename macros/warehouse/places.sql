{#- Of which file of the export a row is, from the folder of its kind on. table: text, decisions or events. -#}
{% macro file_of_row(table) %}
    {{- return(adapter.dispatch('file_of_row', 'experiment_metrics')(table)) -}}
{% endmacro %}

{% macro default__file_of_row(table) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")") -}}
{% endmacro %}

{#- With --empty dbt reads from a subquery, which has no such columns. -#}
{% macro duckdb__file_of_row(table) %}
    {%- if flags.EMPTY -%}
        {{- return(experiment_metrics.default__file_of_row(table)) -}}
    {%- endif -%}
    {{- return("regexp_replace(cast(filename as varchar), '^.*/(type=" ~ table ~ "/)', '\\1')") -}}
{% endmacro %}


{#- Which row of its Parquet file a row is, from 1 on. -#}
{% macro row_of_file() %}
    {{- return(adapter.dispatch('row_of_file', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__row_of_file() %}
    {{- return("cast(null as " ~ dbt.type_bigint() ~ ")") -}}
{% endmacro %}

{% macro duckdb__row_of_file() %}
    {%- if flags.EMPTY -%}
        {{- return(experiment_metrics.default__row_of_file()) -}}
    {%- endif -%}
    {{- return("try_cast(file_row_number as bigint) + 1") -}}
{% endmacro %}


{#- The plain exposures or events as SQL to select from, as plain_relation, each row with its place: the columns
    of place_columns. -#}
{% macro placed_plain_rows(door) %}
    {{- return(adapter.dispatch('placed_plain_rows', 'experiment_metrics')(door)) -}}
{% endmacro %}

{% macro default__placed_plain_rows(door) %}
    {{- return(
        "(select *, cast(null as " ~ dbt.type_string() ~ ") as " ~ experiment_metrics.file_name_column()
        ~ ", cast(null as " ~ dbt.type_bigint() ~ ") as " ~ experiment_metrics.file_row_column() ~ " from "
        ~ experiment_metrics.plain_relation(door) ~ ") as placed"
    ) -}}
{% endmacro %}

{% macro duckdb__placed_plain_rows(door) %}
    {%- set source = experiment_metrics.plain_source(door) -%}
    {%- if not experiment_metrics.is_file(source) -%}
        {{- return(experiment_metrics.default__placed_plain_rows(door)) -}}
    {%- endif -%}
    {%- set file, row = experiment_metrics.file_name_column(), experiment_metrics.file_row_column() -%}
    {%- set rows = experiment_metrics.plain_relation(door, has_file_names=true) -%}
    {#- The part of the path that has no pattern: what follows it tells files apart. -#}
    {%- set folder = modules.re.split('[*?\\[]', source)[0].rpartition('/') -%}
    {%- set name = "replace(" ~ file ~ ", " ~ experiment_metrics.string_literal(folder[0] ~ folder[1]) ~ ", '') as " ~ file -%}
    {%- if not experiment_metrics.is_csv(source) -%}
        {{- return(
            "(select * replace (" ~ name ~ "), " ~ experiment_metrics.row_of_file() ~ " as " ~ row ~ " from "
            ~ rows ~ ") as placed"
        ) -}}
    {%- endif -%}
    {#- Windows without an order number the rows as they are read, file by file; nothing is sorted or kept for it. -#}
    {{- return(
        "(select * exclude (file_begins_at) replace (" ~ name ~ ", " ~ row ~ " + 1 - max(file_begins_at) over (rows"
        ~ " between unbounded preceding and current row) as " ~ row ~ ") from (select *, row_number() over () as "
        ~ row ~ ", case when " ~ file ~ " is distinct from lag(" ~ file ~ ") over () then row_number() over () end as"
        ~ " file_begins_at from " ~ rows ~ ")) as placed"
    ) -}}
{% endmacro %}


{#- What the column is called that says which row of its file a row is. -#}
{% macro file_row_column() %}
    {{- return('experiment_metrics_row') -}}
{% endmacro %}


{#- The place of a row of placed_plain_rows, as columns. -#}
{% macro place_columns() %}
    {{- return(
        experiment_metrics.file_name_column() ~ " as file_name,\n        " ~ experiment_metrics.file_row_column()
        ~ " as file_row"
    ) -}}
{% endmacro %}
