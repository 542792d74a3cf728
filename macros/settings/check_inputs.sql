{#- Stops the run where the input can't be read as what it should be: one line that names the file
    or column and what to do. Called on-run-start; a warehouse whose input is already in tables has
    nothing to check here. -#}
{% macro check_inputs() %}
    {% if flags.WHICH in ['build', 'run', 'test'] %}
        {{ adapter.dispatch('check_inputs', 'experiment_metrics')() }}
    {% endif %}
{% endmacro %}

{% macro default__check_inputs() %}{% endmacro %}

{% macro duckdb__check_inputs() %}
    {% set zone = run_query("select current_setting('TimeZone')")[0][0] %}
    {% if zone not in ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'] %}
        {{ exceptions.raise_compiler_error(
            "The session's time zone is " ~ zone ~ ", which would move times that have an offset. Set TimeZone: UTC in"
            ~ " the settings of the profile."
        ) }}
    {% endif %}
    {% do experiment_metrics.check_time_zones() %}
    {% for table in ['decisions', 'events'] if experiment_metrics.is_read('stg_optimizely__' ~ table) %}
        {% do experiment_metrics.check_export_files(table) %}
    {% endfor %}
    {% for door in ['exposures', 'events'] if experiment_metrics.is_read('stg_tables__' ~ door) %}
        {% do experiment_metrics.check_plain_source(door) %}
    {% endfor %}
    {% set call_path = experiment_metrics.call_data_path() %}
    {% if call_path and experiment_metrics.is_read('stg_call_center__calls') %}
        {% do experiment_metrics.check_call_data_file(call_path) %}
    {% endif %}
    {% for seed in graph.nodes.values() if seed.resource_type == 'seed'
        and seed.package_name == 'experiment_metrics' %}
        {% do experiment_metrics.check_seed_file(seed) %}
    {% endfor %}
{% endmacro %}


{#- A seed: the first line of its file has the columns that it is described with, each once. Calls may name the
    user otherwise: their columns are checked where they are read. -#}
{% macro check_seed_file(seed) %}
    {% set path = seed.root_path ~ '/' ~ seed.original_file_path %}
    {% set columns = experiment_metrics.csv_cells(
        experiment_metrics.first_line(experiment_metrics.literal_path(path), encoding='utf-8'), seed.config.delimiter
    ) %}
    {% do experiment_metrics.check_csv_lines(path, columns, seed.config.delimiter, encoding='utf-8') %}
    {% do experiment_metrics.check_different_columns(columns, seed.original_file_path) %}
    {% for column in seed.columns if column not in columns and seed.name != 'call_data' %}
        {{ exceptions.raise_compiler_error(
            "Missing column '" ~ column ~ "' in " ~ seed.original_file_path ~ ", whose first line must be: "
            ~ seed.columns | join(seed.config.delimiter)
        ) }}
    {% endfor %}
{% endmacro %}


{#- Raises where two columns have one name, in upper or lower case: only one of them would be read. columns: list
    of text; file: text, for the message. -#}
{% macro check_different_columns(columns, file) %}
    {% set seen = [] %}
    {% for column in columns | map('lower') if column %}
        {% if column in seen %}
            {{ exceptions.raise_compiler_error(
                "The first line of " ~ file ~ " has the column '" ~ column ~ "' twice: " ~ columns | join(', ')
                ~ ". Remove or rename one of them."
            ) }}
        {% endif %}
        {% do seen.append(column) %}
    {% endfor %}
{% endmacro %}


{#- The file of call records: it exists and has its columns. -#}
{% macro check_call_data_file(path) %}
    {% set file = experiment_metrics.string_literal(experiment_metrics.literal_path(path)) %}
    {% if run_query("select count(*) from glob(" ~ file ~ ")")[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(
            "No call records at " ~ path ~ ". Set CALL_DATA_PATH to a CSV file with the columns "
            ~ "user_id, call_start, call_duration_min, or unset it to use seeds/call_data.csv."
        ) }}
    {% endif %}
    {% set delimiter = experiment_metrics.call_delimiter() %}
    {% set columns = experiment_metrics.csv_cells(
        experiment_metrics.first_line(experiment_metrics.literal_path(path)), delimiter
    ) %}
    {% do experiment_metrics.check_csv_lines(path, columns, delimiter) %}
    {% do experiment_metrics.check_different_columns(columns, path) %}
    {% do experiment_metrics.check_call_data_columns(columns, path) %}
{% endmacro %}


{#- Raises where a line of a CSV file has other columns than the first, or can't be read at all. The line is not
    shown: whom it is about may stand in any place of it. columns: list of text, the names in its first line;
    encoding: text, if not that of the var csv_encoding. -#}
{% macro check_csv_lines(path, columns, delimiter, encoding=none) %}
    {% do run_query("drop table if exists temp.reject_errors") %}
    {% do run_query("drop table if exists temp.reject_scans") %}
    {% set types = [] %}
    {% for column in columns %}
        {% do types.append("'column" ~ loop.index ~ "': 'varchar'") %}
    {% endfor %}
    {% do run_query(
        "select count(columns(*)) from read_csv("
        ~ experiment_metrics.string_literal(experiment_metrics.literal_path(path)) ~ ", "
        ~ experiment_metrics.csv_options(delimiter, has_header=false, encoding=encoding) ~ ", auto_detect = false, store_rejects = true, columns = {"
        ~ types | join(", ") ~ "})"
    ) %}
    {% for row in run_query(
        "select line, lower(cast(error_type as varchar)) from reject_errors order by line limit 1"
    ) %}
        {% set marks = {',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars'} %}
        {{ exceptions.raise_compiler_error(
            "Line " ~ row[0] ~ " of " ~ path ~ " can't be read (" ~ row[1] ~ "). "
            ~ ("It must have the names of the columns" if row[0] == 1
            else "Each line must have the columns of the first: " ~ columns | join(', '))
            ~ ", separated by " ~ marks[delimiter] ~ ", in " ~ (encoding or var('csv_encoding')) | upper ~ "."
            ~ ("" if encoding else " The vars csv_delimiter and csv_encoding say otherwise.")
        ) }}
    {% endfor %}
{% endmacro %}


{#- Raises where call records lack a column, or have two that may be the user. columns: list of text; file: text,
    for the message. -#}
{% macro check_call_data_columns(columns, file) %}
    {% if 'user_id' in columns and 'visitor_id' in columns %}
        {{ exceptions.raise_compiler_error(
            "The columns user_id and visitor_id are both in " ~ file ~ ", and mean the same. Remove or rename one of"
            ~ " them."
        ) }}
    {% endif %}
    {% for column in ['user_id', 'call_start', 'call_duration_min'] %}
        {% if column not in columns and not (column == 'user_id' and 'visitor_id' in columns) %}
            {{ exceptions.raise_compiler_error(
                "Missing column '" ~ column ~ "' in " ~ file ~ ", which has: "
                ~ columns | join(', ') ~ ". A file of call records needs user_id (or visitor_id), "
                ~ "call_start, call_duration_min" ~ (
                    "." if columns | length > 1 else
                    ", separated by commas; the vars csv_delimiter and csv_encoding say otherwise."
                )
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}
