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
    {% set times = {'exposures': ['exposed_at', 'processed_at'], 'events': ['occurred_at', 'processed_at']}[door] %}
    {% set numbers = ['value', 'quantity'] %}
    {% for ours, theirs in columns.items() %}
        {% set column = experiment_metrics.plain_column(theirs) %}
        {% if ours in times %}
            {% do experiment_metrics.check_epoch(source, theirs, column, door) %}
            {% do experiment_metrics.check_readable(
                source, theirs, column, door, experiment_metrics.to_timestamp(column),
                "a time such as 2023-01-31 12:00:00, or epoch milliseconds"
            ) %}
        {% elif ours in numbers %}
            {% do experiment_metrics.check_readable(
                source, theirs, column, door, experiment_metrics.to_double(experiment_metrics.to_text(column)), "a number such as 19.99"
            ) %}
        {% elif ours in ['is_holdback', 'is_bot'] %}
            {% do experiment_metrics.check_readable(
                source, theirs, column, door, experiment_metrics.plain_flag(experiment_metrics.to_text(column)), "true or false"
            ) %}
        {% endif %}
    {% endfor %}
    {% do experiment_metrics.check_plain_ids(door, source, columns) %}
{% endmacro %}


{#- Raises where rows of different visitors have one id: it would make them copies of one row. -#}
{% macro check_plain_ids(door, source, columns) %}
    {% set ours = experiment_metrics.door_id(door) %}
    {% if ours in columns %}
        {% set id = experiment_metrics.to_text(experiment_metrics.plain_column(columns[ours])) %}
        {% set visitor = experiment_metrics.to_text(experiment_metrics.plain_column(columns.visitor_id)) %}
        {% set keys = [id] %}
        {% if 'experiment_id' in columns %}
            {% do keys.append(experiment_metrics.plain_column(columns.experiment_id)) %}
        {% endif %}
        {% set found = run_query(
            "select min(id) from (select " ~ id ~ " as id from " ~ experiment_metrics.plain_relation(door)
            ~ " as source where not " ~ experiment_metrics.is_blank(id) ~ " and not "
            ~ experiment_metrics.is_missing_visitor(visitor) ~ " group by " ~ keys | join(", ")
            ~ " having count(distinct " ~ visitor ~ ") > 1) as shared"
        )[0][0] %}
        {% if found is not none %}
            {{ exceptions.raise_compiler_error(
                "Column '" ~ columns[ours] ~ "' of " ~ source ~ " is '" ~ found ~ "' in rows of different visitors: it is no"
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
    {% if run_query("select count(*) from " ~ experiment_metrics.plain_relation(door))[0][0] == 0 %}
        {{ exceptions.raise_compiler_error(source ~ " has no row. Set " ~ setting ~ " to where the " ~ door ~ " are.") }}
    {% endif %}
{% endmacro %}


{#- Raises where more than one in a thousand cells that say something can't be read; what is less is left out
    and counted. readable: text, SQL, what is read; wanted: text, for the message. -#}
{% macro check_readable(source, name, column, door, readable, wanted) %}
    {% set text = experiment_metrics.to_text(column) %}
    {% set is_given = "not " ~ experiment_metrics.is_blank(text) %}
    {% set counted = run_query(
        "select count(case when " ~ is_given ~ " then 1 end), count(case when " ~ is_given ~ " and " ~ readable
        ~ " is null then 1 end), min(case when " ~ is_given ~ " and " ~ readable ~ " is null then " ~ text
        ~ " end) from " ~ experiment_metrics.plain_relation(door) ~ " as source"
    )[0] %}
    {% if counted[1] * 1000 > counted[0] %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ source ~ " holds '" ~ counted[2] ~ "' (" ~ counted[1] ~ " of " ~ counted[0]
            ~ " values are like it), but must be " ~ wanted ~ ". Correct it, or name another column by the var "
            ~ experiment_metrics.columns_var(door) ~ "."
        ) }}
    {% endif %}
{% endmacro %}


{#- Raises where whole numbers are epoch seconds, microseconds or nanoseconds rather than milliseconds, or no
    times at all: as milliseconds they would be before 1973 or after 5000. -#}
{% macro check_epoch(source, name, column, door) %}
    {% set number = experiment_metrics.to_double(experiment_metrics.to_text(column)) %}
    {% set found = run_query(
        "select min(" ~ number ~ ") from " ~ experiment_metrics.plain_relation(door) ~ " as source where "
        ~ number ~ " is not null and (abs(" ~ number ~ ") < 1e11 or abs(" ~ number ~ ") > 1e14)"
    )[0][0] %}
    {% if found is not none %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ source ~ " holds " ~ found | int ~ ", which is no time in epoch milliseconds"
            ~ (" but looks like seconds" if 1e8 < found < 1e11 else " but looks like microseconds" if found > 1e14 else "")
            ~ ". Write times as 2023-01-31 12:00:00, or as epoch milliseconds."
        ) }}
    {% endif %}
{% endmacro %}


{% macro is_file(source) %}
    {{ return(source.endswith('.parquet') or experiment_metrics.is_csv(source)) }}
{% endmacro %}
