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
    {% for seed in graph.nodes.values() if seed.resource_type == 'seed' and seed.name != 'call_data'
        and seed.package_name == 'experiment_metrics' %}
        {% do experiment_metrics.check_seed_file(seed) %}
    {% endfor %}
{% endmacro %}


{#- A seed: the first line of its file has the columns that it is described with. -#}
{% macro check_seed_file(seed) %}
    {% set path = experiment_metrics.string_literal(seed.root_path ~ '/' ~ seed.original_file_path) %}
    {% set text = run_query("select content from read_text(" ~ path ~ ")")[0][0] %}
    {% set header = modules.re.split('[\\r\\n]', text | replace('\ufeff', ''), maxsplit=1)[0] %}
    {% set columns = header.split(seed.config.delimiter) | map('replace', '"', '') | map('trim') | list %}
    {% for column in seed.columns if column not in columns %}
        {{ exceptions.raise_compiler_error(
            "Missing column '" ~ column ~ "' in " ~ seed.original_file_path ~ ", whose first line must be: "
            ~ seed.columns | join(seed.config.delimiter)
        ) }}
    {% endfor %}
{% endmacro %}


{#- One kind of export file: there are some, each has the columns that staging reads, and no column
    changes its type from file to file. -#}
{% macro check_export_files(table) %}
    {% set source_node = graph.sources['source.experiment_metrics.optimizely.' ~ table] %}
    {% set folder = source_node.config.meta.folder %}
    {% set pattern = folder ~ '/type=' ~ table ~ '/**/*.parquet' %}
    {% set glob = experiment_metrics.string_literal(pattern) %}
    {% if run_query("select count(*) from glob(" ~ glob ~ ")")[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(
            "No Parquet file matches " ~ pattern ~ ". Set OPTIMIZELY_DATA_DIR to the folder that "
            ~ "holds type=decisions and type=events."
        ) }}
    {% endif %}
    {% set first_seen = {} %}
    {% for row in run_query(experiment_metrics.file_schemas_sql(glob)) %}
        {% set types = experiment_metrics.top_level_types(fromjson(row['fields'])) %}
        {% for column in source_node.columns %}
            {% if column not in types %}
                {{ exceptions.raise_compiler_error(
                    "Missing column '" ~ column ~ "' in " ~ row['file_name'] ~ ". The export of "
                    ~ table ~ " needs: " ~ source_node.columns | join(', ') ~ "."
                ) }}
            {% endif %}
            {% set seen = first_seen.setdefault(column, [types[column], row['file_name']]) %}
            {% if seen[0] != types[column] %}
                {{ exceptions.raise_compiler_error(
                    "Column '" ~ column ~ "' is " ~ seen[0] ~ " in " ~ seen[1] ~ " but "
                    ~ types[column] ~ " in " ~ row['file_name']
                    ~ ". Export the files again with one type."
                ) }}
            {% endif %}
        {% endfor %}
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
                    type := coalesce(duckdb_type, converted_type, type)
                ) order by column_id
            )) as varchar) as fields
        from parquet_schema({{ glob }})
        where column_id > 0
        group by file_name
    )

    select min(file_name) as file_name, fields from files group by fields order by file_name
{% endmacro %}


{#- The columns of a Parquet schema and their types, without what is nested in them: the fields come
    depth first, so a field with n children is followed by n whole subtrees. -#}
{% macro top_level_types(fields) %}
    {% set types = {} %}
    {% set nested = namespace(left=0) %}
    {% for field in fields %}
        {% if nested.left > 0 %}
            {% set nested.left = nested.left - 1 + field.children %}
        {% else %}
            {% do types.update({field.name: field.type}) %}
            {% set nested.left = field.children %}
        {% endif %}
    {% endfor %}
    {{ return(types) }}
{% endmacro %}


{#- The file of call records: it exists and has its columns. -#}
{% macro check_call_data_file(path) %}
    {% set file = experiment_metrics.string_literal(path) %}
    {% if run_query("select count(*) from glob(" ~ file ~ ")")[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(
            "No call records at " ~ path ~ ". Set CALL_DATA_PATH to a CSV file with the columns "
            ~ "user_id, call_start, call_duration_min, or unset it to use seeds/call_data.csv."
        ) }}
    {% endif %}
    {% set columns = run_query("describe select * from " ~ experiment_metrics.read_call_data(path)).columns[0].values() %}
    {% do experiment_metrics.check_call_data_columns(columns, path) %}
{% endmacro %}


{#- Raises where call records lack a column. columns: list of text; file: text, for the message. -#}
{% macro check_call_data_columns(columns, file) %}
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
