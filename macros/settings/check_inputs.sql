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
    {% set columns = experiment_metrics.header_columns(
        seed.root_path ~ '/' ~ seed.original_file_path, seed.config.delimiter
    ) %}
    {% do experiment_metrics.check_different_columns(columns, seed.original_file_path) %}
    {% for column in seed.columns if column not in columns and seed.name != 'call_data' %}
        {{ exceptions.raise_compiler_error(
            "Missing column '" ~ column ~ "' in " ~ seed.original_file_path ~ ", whose first line must be: "
            ~ seed.columns | join(seed.config.delimiter)
        ) }}
    {% endfor %}
{% endmacro %}


{#- The names in the first line of a CSV file, as they stand there. -#}
{% macro header_columns(path, delimiter) %}
    {% set lines = run_query(
        "select line from read_csv(" ~ experiment_metrics.string_literal(experiment_metrics.literal_path(path))
        ~ ", header = false, auto_detect = false,"
        ~ " delim = E'\\x01', quote = '', escape = '', skip = 0, comment = '', ignore_errors = true,"
        ~ " columns = {'line': 'varchar'}) limit 1"
    ) %}
    {% set header = lines[0][0] if lines else '' %}
    {{ return(header.split(delimiter) | map('replace', '"', '') | map('trim') | list) }}
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


{#- One kind of export file: there are some, each has the columns that staging reads, and no column
    changes its type from file to file. -#}
{% macro check_export_files(table) %}
    {% set source_node = graph.sources['source.experiment_metrics.optimizely.' ~ table] %}
    {% set folder = source_node.config.meta.folder %}
    {% set pattern = experiment_metrics.literal_path(folder) ~ '/type=' ~ table ~ '/**/*.parquet' %}
    {% set glob = experiment_metrics.string_literal(pattern) %}
    {% if run_query("select count(*) from glob(" ~ glob ~ ")")[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(
            "No Parquet file matches " ~ pattern ~ ". Set OPTIMIZELY_DATA_DIR to the folder that "
            ~ "holds type=decisions and type=events."
        ) }}
    {% endif %}
    {% set first_seen, types_seen = {}, {} %}
    {% for row in run_query(experiment_metrics.file_schemas_sql(glob)) %}
        {% set fields = experiment_metrics.top_level_fields(fromjson(row['fields'])) %}
        {% for column in source_node.columns %}
            {% if column not in fields %}
                {{ exceptions.raise_compiler_error(
                    "Missing column '" ~ column ~ "' in " ~ row['file_name'] ~ ". The export of "
                    ~ table ~ " needs: " ~ source_node.columns | join(', ') ~ "."
                ) }}
            {% endif %}
            {% set type = fields[column].type %}
            {% do experiment_metrics.check_nested_type(column, fields[column], row['file_name']) %}
            {% do types_seen.setdefault(column, []).append(type) %}
            {% set kind = experiment_metrics.kind_of_type(column, type) %}
            {% if kind %}
                {% set seen = first_seen.setdefault(column, [kind, type, row['file_name']]) %}
                {% if seen[0] != kind %}
                    {{ exceptions.raise_compiler_error(
                        "Column '" ~ column ~ "' is " ~ seen[1] ~ " in " ~ seen[2] ~ " but " ~ type ~ " in "
                        ~ row['file_name'] ~ ". Export the files again with one type."
                    ) }}
                {% endif %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% do experiment_metrics.check_export_cells(pattern, types_seen) %}
{% endmacro %}


{#- The types of a column that are read alike, by one name: whole numbers of any width, and for amounts other
    numbers as well. None for a column that holds nothing but null, and so has no type. -#}
{% macro kind_of_type(column, type) %}
    {% set is_whole = modules.re.match('^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$', type) %}
    {% set is_number = is_whole or modules.re.match('^(FLOAT|DOUBLE|DECIMAL.*)$', type) %}
    {% if type == '"NULL"' %}{{ return(none) }}{% endif %}
    {% if is_whole or (is_number and column in ['revenue', 'value', 'quantity']) %}{{ return('number') }}{% endif %}
    {{ return('map' if column == 'tags' else type) }}
{% endmacro %}


{#- Raises where a nested column is not nested as it should be, or lacks a field that staging reads. -#}
{% macro check_nested_type(column, field, file) %}
    {% set wanted = {'attributes': ['LIST'], 'tags': ['MAP', 'STRUCT']}.get(column) %}
    {% if wanted and field.type not in wanted + ['"NULL"'] %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ column ~ "' is " ~ field.type ~ " in " ~ file ~ ", but must be "
            ~ {'attributes': "a list of name, type and value.", 'tags': "a map of texts."}[column]
        ) }}
    {% elif column == 'attributes' and field.type == 'LIST' and '"NULL"' not in field.nested_types[1:2] %}
        {% for name in ['name', 'type', 'value'] if name not in field.nested %}
            {{ exceptions.raise_compiler_error(
                "Missing field '" ~ name ~ "' of the column 'attributes' in " ~ file ~ ", whose attributes have: "
                ~ field.nested[2:] | join(', ') ~ ". Attributes need: name, type, value."
            ) }}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- What the columns of one kind of export file hold can be read. types: dict, the types that each has. -#}
{% macro check_export_cells(pattern, types) %}
    {% set relation = "read_parquet(" ~ experiment_metrics.string_literal(pattern) ~ ", hive_partitioning = false,"
        ~ " union_by_name = true, filename = "
        ~ experiment_metrics.string_literal(experiment_metrics.file_name_column()) ~ ")" %}
    {% for name in types %}
        {% set column = experiment_metrics.plain_column(name) %}
        {% set has_fractions = modules.re.search('FLOAT|DOUBLE|DECIMAL', types[name] | join(' ')) %}
        {% if name in ['timestamp', 'process_timestamp'] %}
            {% do experiment_metrics.check_times(
                relation, pattern, name, column, "Correct what writes the export."
            ) %}
        {% elif name in ['revenue', 'quantity', 'value'] and (has_fractions or 'VARCHAR' in types[name]) %}
            {% do experiment_metrics.check_numbers(relation, pattern, name, column) %}
        {% elif (name.endswith('_id') or name == 'uuid') and has_fractions %}
            {% do experiment_metrics.check_ids(relation, pattern, name, column) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- A query that gives one row per distinct schema of the files: the first file that has it, and its
    fields in order as JSON (name, number of children, type). -#}
{% macro file_schemas_sql(glob) %}
    with files as (
        select
            file_name,
            cast(to_json(list(
                struct_pack(
                    name := name,
                    children := coalesce(num_children, 0),
                    type := coalesce(duckdb_type, converted_type, type, 'STRUCT')
                ) order by column_id
            )) as varchar) as fields
        from parquet_schema({{ glob }})
        where column_id > 0
        group by file_name
    )

    select min(file_name) as file_name, fields from files group by fields order by file_name
{% endmacro %}


{#- The columns of a Parquet schema, each with its type and, if it is nested, what is in it (nested and
    nested_types, depth first): the fields come depth first, so a field with n children is followed by n whole
    subtrees. -#}
{% macro top_level_fields(fields) %}
    {% set columns = {} %}
    {% set inner = namespace(left=0, of=none) %}
    {% for field in fields %}
        {% if inner.left > 0 %}
            {% set inner.left = inner.left - 1 + field.children %}
            {% do columns[inner.of].nested.append(field.name) %}
            {% do columns[inner.of].nested_types.append(field.type) %}
        {% else %}
            {% do columns.update({field.name: {'type': field.type, 'nested': [], 'nested_types': []}}) %}
            {% set inner.left = field.children %}
            {% set inner.of = field.name %}
        {% endif %}
    {% endfor %}
    {{ return(columns) }}
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
    {% set columns = experiment_metrics.header_columns(path, ',') %}
    {% do experiment_metrics.check_different_columns(columns, path) %}
    {% do experiment_metrics.check_call_data_columns(columns, path) %}
    {% do experiment_metrics.check_call_data_lines(path, columns) %}
{% endmacro %}


{#- Raises where a line of the call records has other columns than the first, or can't be read at all. -#}
{% macro check_call_data_lines(path, columns) %}
    {% do run_query("drop table if exists temp.reject_errors") %}
    {% do run_query("drop table if exists temp.reject_scans") %}
    {% do run_query("select count(*) from " ~ experiment_metrics.read_call_data(path, columns)) %}
    {% for row in run_query("select line, lower(cast(error_type as varchar)), csv_line from reject_errors order by line limit 1") %}
        {{ exceptions.raise_compiler_error(
            "Line " ~ row[0] ~ " of " ~ path ~ " can't be read (" ~ row[1] ~ "): '" ~ row[2][:100] ~ "'. Each line must"
            ~ " have the columns of the first: " ~ columns | join(', ') ~ ", separated by commas, in UTF-8."
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
                ~ "call_start, call_duration_min."
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}
