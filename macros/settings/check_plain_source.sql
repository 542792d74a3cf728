{#- Stops the run where plain exposures or events can't be read as such: names the file or table and the column,
    what was found and what is wanted. door: text, exposures or events. -#}
{% macro check_plain_source(door) %}
    {% set source = experiment_metrics.plain_source(door) %}
    {% do experiment_metrics.check_plain_source_exists(door, source) %}
    {% set given = experiment_metrics.given_plain_columns(door) %}
    {% set columns = experiment_metrics.plain_columns(door, given) %}
    {% set setting = experiment_metrics.columns_var(door) %}
    {% for ours, theirs in columns.items() if theirs not in given %}
        {{ exceptions.raise_compiler_error(
            "The var " ~ setting ~ " maps " ~ ours ~ " to '" ~ theirs ~ "', but " ~ source ~ " has no such column. It has: "
            ~ given | join(", ") ~ "."
        ) }}
    {% endfor %}
    {% for ours in experiment_metrics.required_plain_columns(door) if ours not in columns %}
        {{ exceptions.raise_compiler_error(
            "No column of " ~ source ~ " is known as its " ~ ours ~ ". It has: " ~ given | join(", ")
            ~ ". Rename one to " ~ experiment_metrics.plain_column_names(door)[ours][:3] | join(" or ")
            ~ ", or say which it is: --vars '{" ~ setting ~ ": {" ~ ours ~ ": " ~ given[0] ~ "}}'."
        ) }}
    {% endfor %}
    {% do experiment_metrics.check_plain_headers(source, columns) %}
    {% set times = {'exposures': ['exposed_at', 'processed_at'], 'events': ['occurred_at', 'processed_at']}[door] %}
    {% set relation = experiment_metrics.plain_relation(door, has_file_names=true) %}
    {% for ours, theirs in columns.items() %}
        {% set column = experiment_metrics.plain_column(theirs) %}
        {% if ours in times %}
            {% do experiment_metrics.check_times(
                relation, source, theirs, column,
                "Correct it, or name another column by the var " ~ setting ~ "; plain_date_format and plain_time_zone"
                ~ " say what forms and zone times have.",
                experiment_metrics.plain_timestamp(column)
            ) %}
        {% elif ours in ['value', 'quantity'] %}
            {% do experiment_metrics.check_readable(
                source, theirs, column, door, experiment_metrics.plain_number(column), "a number such as " ~ experiment_metrics.example_number()
            ) %}
            {% if ours == 'quantity' %}
                {% do experiment_metrics.check_fractions(
                    relation, source, theirs, column, "Name another column by the var " ~ setting ~ "."
                ) %}
            {% endif %}
        {% elif ours in ['is_holdback', 'is_bot'] %}
            {% do experiment_metrics.check_readable(
                source, theirs, column, door, experiment_metrics.plain_flag(experiment_metrics.to_text(column)), "true or false"
            ) %}
        {% elif ours.endswith('_id') and not experiment_metrics.is_csv(source) %}
            {% do experiment_metrics.check_ids(relation, source, theirs, column) %}
        {% endif %}
    {% endfor %}
    {% do experiment_metrics.check_plain_ids(door, source, columns) %}
{% endmacro %}


{#- Raises where one of several files lacks a column that is read: its rows would be without it. -#}
{% macro check_plain_headers(source, columns) %}
    {% if experiment_metrics.is_file(source) %}
        {% set files = run_query(
            "select file from glob(" ~ experiment_metrics.string_literal(source) ~ ") order by file"
        ).columns[0].values() %}
        {% for file in files if files | length > 1 %}
            {% set given = experiment_metrics.flat_columns(experiment_metrics.plain_files(file)) %}
            {% set missing = [] %}
            {% for name in columns.values() if name | lower not in given | map('lower') | list %}
                {% do missing.append(name) %}
            {% endfor %}
            {% if missing %}
                {{ exceptions.raise_compiler_error(
                    file ~ " lacks " ~ missing | join(", ") ~ ", which other files of " ~ source ~ " have. It has: "
                    ~ given | join(", ") ~ ". Give all files the same columns."
                ) }}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- Raises where more than one in a thousand ids are of rows of different visitors: then it is no id of rows. What is
    less is left out and counted, as all rows of an id that contradict each other. -#}
{% macro check_plain_ids(door, source, columns) %}
    {% set ours = experiment_metrics.door_id(door) %}
    {% if ours in columns %}
        {% set id = experiment_metrics.to_id(experiment_metrics.plain_column(columns[ours])) %}
        {% set visitor = experiment_metrics.to_id(experiment_metrics.plain_column(columns.visitor_id)) %}
        {% set keys = [id] %}
        {% if 'experiment_id' in columns %}
            {% do keys.append(experiment_metrics.plain_column(columns.experiment_id)) %}
        {% endif %}
        {% set found = run_query(
            "select count(*), count(case when visitor_count > 1 then 1 end), min(case when visitor_count > 1 then id"
            ~ " end) from (select " ~ id ~ " as id, count(distinct " ~ visitor ~ ") as visitor_count from "
            ~ experiment_metrics.plain_relation(door) ~ " as source where not " ~ experiment_metrics.is_blank(id)
            ~ " and not " ~ experiment_metrics.is_missing_visitor(visitor) ~ " group by " ~ keys | join(", ")
            ~ ") as ids"
        )[0] %}
        {% if found[1] * 1000 > found[0] %}
            {{ exceptions.raise_compiler_error(
                "Column '" ~ columns[ours] ~ "' of " ~ source ~ " is '" ~ found[2] ~ "' in rows of different visitors: it is no"
                ~ " id of rows. Rename it, or name another column as " ~ ours ~ " by the var "
                ~ experiment_metrics.columns_var(door) ~ "."
            ) }}
        {% endif %}
    {% endif %}
{% endmacro %}


{#- Raises where there is no such file or table, or it has no row. -#}
{% macro check_plain_source_exists(door, source) %}
    {% set setting = door | upper %}
    {% if experiment_metrics.is_file(source) %}
        {% set files = run_query("select count(*) from glob(" ~ experiment_metrics.string_literal(source) ~ ")") %}
        {% if files[0][0] == 0 %}
            {{ exceptions.raise_compiler_error(
                "No file at " ~ source ~ ". Set " ~ setting ~ " to a CSV or Parquet file, to a glob of such files, or"
                ~ " to a table."
            ) }}
        {% endif %}
    {% else %}
        {% set parts = source.split('.') %}
        {% set relation = adapter.get_relation(
            database=target.database,
            schema=parts[-2] if parts | length > 1 else target.schema,
            identifier=parts[-1]
        ) %}
        {% if relation is none %}
            {{ exceptions.raise_compiler_error(
                source ~ " is neither a file that ends in .csv, .tsv, .txt (or one of them and .gz) or .parquet, nor a"
                ~ " table of the database. Set " ~ setting ~ " to one."
            ) }}
        {% endif %}
    {% endif %}
    {% do experiment_metrics.check_plain_lines(source) %}
    {% if run_query("select count(*) from " ~ experiment_metrics.plain_relation(door))[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(source ~ " has no row. Set " ~ setting ~ " to where the " ~ door ~ " are.") }}
    {% endif %}
{% endmacro %}


{#- Raises where more than one in a thousand cells that say something can't be read; what is less is left out
    and counted. readable: text, SQL, what is read; wanted: text, for the message. -#}
{% macro check_readable(source, name, column, door, readable, wanted) %}
    {% set found = experiment_metrics.unreadable_cells(
        experiment_metrics.plain_relation(door, has_file_names=true), source, column, readable
    ) %}
    {% if found %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ found.source ~ " holds '" ~ found.example ~ "' (" ~ found.counts
            ~ " values are like it), but must be " ~ wanted ~ ". Correct it, or name another column by the var "
            ~ experiment_metrics.columns_var(door) ~ "."
        ) }}
    {% endif %}
{% endmacro %}


{#- Raises where a CSV file has a column twice, or a line that doesn't fit the first. -#}
{% macro check_plain_lines(source) %}
    {% if experiment_metrics.is_csv(source) %}
        {% set delimiter = experiment_metrics.csv_delimiter(source) %}
        {% for row in run_query(
            "select file from glob(" ~ experiment_metrics.string_literal(source) ~ ") order by file"
        ) %}
            {% set columns = experiment_metrics.csv_cells(
                experiment_metrics.first_line(experiment_metrics.literal_path(row[0])), delimiter
            ) %}
            {% do experiment_metrics.check_csv_lines(row[0], columns, delimiter) %}
            {% do experiment_metrics.check_different_columns(columns, row[0]) %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- A number as it should be written. -#}
{% macro example_number() %}
    {{ return(
        "19,99" if var('csv_decimal') == ',' else "19.99 (where commas are decimal marks, set the var csv_decimal)"
    ) }}
{% endmacro %}


{% macro is_file(source) %}
    {{ return(source.endswith('.parquet') or experiment_metrics.is_csv(source)) }}
{% endmacro %}
