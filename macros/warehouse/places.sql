{#- Of which file of the export a row is, from the folder of its kind on. table: text, decisions or events. -#}
{% macro file_of_row(table) %}
    {{- return(adapter.dispatch('file_of_row', 'experiment_metrics')(table)) -}}
{% endmacro %}

{% macro default__file_of_row(table) %}
    {{- return("cast(null as " ~ dbt.type_string() ~ ")") -}}
{% endmacro %}


{#- Which row of its Parquet file a row is, from 1 on. -#}
{% macro row_of_file() %}
    {{- return(adapter.dispatch('row_of_file', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__row_of_file() %}
    {{- return("cast(null as " ~ dbt.type_bigint() ~ ")") -}}
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
