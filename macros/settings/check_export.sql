{#- One kind of export file: there are some, each has the columns that staging reads, no column changes its type
    from file to file, and their days and folders are told of where they don't fit. -#}
{% macro check_export_files(table) %}
    {% set source_node = graph.sources['source.experiment_metrics.optimizely.' ~ table] %}
    {% set folder = source_node.config.meta.folder %}
    {% do experiment_metrics.find_export_parts(folder, table) %}
    {% do experiment_metrics.check_export_days(folder, table) %}
    {% do experiment_metrics.check_claimed_rows() %}
    {% set first_seen, types_seen, unread = {}, {}, {} %}
    {% for row in run_query(experiment_metrics.file_schemas_sql()) %}
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
        {% for column in fields if column not in source_node.columns
            and column not in experiment_metrics.unread_export_columns() %}
            {% do unread.setdefault(column, row['file_name']) %}
        {% endfor %}
    {% endfor %}
    {% if unread %}
        {% do exceptions.warn(
            "Nothing reads " ~ ("the column '" if unread | length == 1 else "the columns '") ~ unread | join("', '")
            ~ "' of the export of " ~ table ~ ", as in " ~ unread.values() | first
            ~ ": it is not one of Optimizely's. Is it another's file, or a misspelt name?"
        ) %}
    {% endif %}
    {% do experiment_metrics.check_export_cells(folder ~ '/type=' ~ table, types_seen) %}
    {% do experiment_metrics.check_export_folders(folder, table) %}
{% endmacro %}


{#- Columns of Optimizely's export that nothing reads, and of which nobody need be told. -#}
{% macro unread_export_columns() %}
    {{ return([
        'account_id', 'campaign_id', 'experiments', 'attributes', 'user_ip', 'user_agent', 'referer', 'revision',
        'client_engine', 'client_version',
    ]) }}
{% endmacro %}


{#- Finds the parts of one kind, which export_parts has from then on, each as a pattern that matches it alone; raises
    where there is none, or where one lies in the folder of a job that still writes. -#}
{% macro find_export_parts(folder, table) %}
    {% set pattern = experiment_metrics.literal_path(folder) ~ '/type=' ~ table ~ '/**/[!._]*.parquet' %}
    {% do run_query(
        "set variable experiment_metrics_parts = (select coalesce(list(replace(replace(replace(file, '[', '[[]'),"
        ~ " '*', '[*]'), '?', '[?]') order by file), []) from glob("
        ~ experiment_metrics.string_literal(pattern) ~ "))"
    ) %}
    {% if not run_query("select len(" ~ experiment_metrics.export_parts() ~ ")")[0][0] %}
        {{ exceptions.raise_compiler_error(
            "No Parquet file matches " ~ folder ~ "/type=" ~ table ~ "/**/*.parquet. Set OPTIMIZELY_DATA_DIR to the"
            ~ " folder that holds type=decisions and type=events."
        ) }}
    {% endif %}
    {% for row in run_query(
        "select file from (select unnest(" ~ experiment_metrics.export_parts() ~ ") as file) as parts"
        ~ " where regexp_matches(file, " ~ experiment_metrics.string_literal('/type=' ~ table ~ '/(.*/)?[._][^/]*/')
        ~ ") order by file limit 1"
    ) %}
        {{ exceptions.raise_compiler_error(
            row[0] ~ " lies in a folder of a job that still writes or was broken off, as the dot or underscore at"
            ~ " the beginning of its name says. Wait for the job, or remove the folder."
        ) }}
    {% endfor %}
{% endmacro %}

{#- The list of the parts that were found last, as SQL. -#}
{% macro export_parts() %}
    {{ return("getvariable('experiment_metrics_parts')") }}
{% endmacro %}


{#- Raises where a part says that it holds more rows than it has bytes: each has an id of its own, so that it would
    be made to use up the memory. -#}
{% macro check_claimed_rows() %}
    {% for row in run_query(
        "select file_name, num_rows, file_size_bytes from parquet_file_metadata(" ~ experiment_metrics.export_parts()
        ~ ") where num_rows > file_size_bytes or num_rows < 0 order by file_name limit 1"
    ) %}
        {{ exceptions.raise_compiler_error(
            row[0] ~ " says that it holds " ~ row[1] ~ " rows, but it has " ~ row[2] ~ " bytes, which can't be: it is"
            ~ " damaged, or made to do harm. Fetch or export it again."
        ) }}
    {% endfor %}
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


{#- What the columns of one kind of export file hold can be read. source: text, what they are called; types: dict,
    the types that each has. -#}
{% macro check_export_cells(source, types) %}
    {% set relation = experiment_metrics.read_export_parts() %}
    {% for name in types %}
        {% set column = experiment_metrics.plain_column(name) %}
        {% set has_fractions = modules.re.search('FLOAT|DOUBLE|DECIMAL', types[name] | join(' ')) %}
        {% if name in ['timestamp', 'process_timestamp'] %}
            {% do experiment_metrics.check_times(
                relation, source, name, column, "Correct what writes the export."
            ) %}
        {% elif name in ['revenue', 'quantity', 'value'] and (has_fractions or 'VARCHAR' in types[name]) %}
            {% do experiment_metrics.check_numbers(relation, source, name, column) %}
        {% elif (name.endswith('_id') or name == 'uuid') and has_fractions %}
            {% do experiment_metrics.check_ids(relation, source, name, column) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- The parts that were found last as a DuckDB table function, each row with the name of its file. -#}
{% macro read_export_parts() %}
    {{ return(
        "read_parquet(" ~ experiment_metrics.export_parts() ~ ", hive_partitioning = false, union_by_name = true,"
        ~ " filename = " ~ experiment_metrics.string_literal(experiment_metrics.file_name_column()) ~ ")"
    ) }}
{% endmacro %}


{#- A query that gives one row per distinct schema of the parts that were found last: the first file that has it, and its
    fields in order as JSON (name, number of children, type). -#}
{% macro file_schemas_sql() %}
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
        from parquet_schema({{ experiment_metrics.export_parts() }})
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
