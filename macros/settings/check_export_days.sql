{#- Tells of the days of one kind of export file that are not complete: those without the mark that the export sets
    when all their parts are there, where it sets any, and those with the mark and no part. Raises where the var
    require_success_marker is true and a day from the first to the last lacks its mark. -#}
{% macro check_export_days(folder, table) %}
    {% set is_required = var('require_success_marker') %}
    {% set days = run_query(experiment_metrics.export_days_sql(folder, table)) %}
    {% set pending, empty = [], [] %}
    {% for day in days %}
        {% if not day['has_marker'] and (is_required or days[0]['any_marker']) %}{% do pending.append(day['export_day']) %}{% endif %}
        {% if day['has_marker'] and not day['part_count'] %}{% do empty.append(day['export_day']) %}{% endif %}
    {% endfor %}
    {% set of_days = " of " ~ days | length ~ " days of " ~ table ~ " in " ~ folder ~ " " %}
    {% if pending %}
        {% set problem = pending | length ~ of_days ~ "have no _SUCCESS, so that parts of them may be missing: "
            ~ experiment_metrics.few_of(pending) ~ ". " %}
        {% if is_required %}
            {{ exceptions.raise_compiler_error(
                problem ~ "Fetch them when the export has written them, or set the var require_success_marker to false."
            ) }}
        {% endif %}
        {% do exceptions.warn(problem ~ "Fetch them again when the export has written them.") %}
    {% endif %}
    {% if empty %}
        {% do exceptions.warn(
            empty | length ~ of_days ~ "have _SUCCESS and no part: " ~ experiment_metrics.few_of(empty)
            ~ ". Unless nothing happened on them, fetch them again."
        ) %}
    {% endif %}
{% endmacro %}


{#- A query that gives one row per day of one kind of export file, in order: export_day, part_count, has_marker, and
    any_marker, whether any day has one. Where marks are required, the days between are days too. -#}
{% macro export_days_sql(folder, table) %}
    {% set markers = experiment_metrics.literal_path(folder) ~ '/type=' ~ table ~ '/**/_SUCCESS' %}
    {% set day = "regexp_extract(file, '/date=([^/]*)/', 1)" %}
    with files as (
        select {{ day }} as export_day, 1 as part_count, false as is_marker
        from (select unnest({{ experiment_metrics.export_parts() }}) as file) as parts
        union all
        select {{ day }} as export_day, 0 as part_count, true as is_marker
        from glob({{ experiment_metrics.string_literal(markers) }})
        {% if var('require_success_marker') %}
        union all
        select cast(cast(unnest(generate_series(min(day), max(day), interval 1 day)) as date) as varchar), 0, false
        from (
            select try_cast({{ day }} as date) as day
            from (select unnest({{ experiment_metrics.export_parts() }}) as file) as parts
        ) as days
        {% endif %}
    )

    select
        case when export_day = '' then '(no date=)' else export_day end as export_day,
        sum(part_count) as part_count,
        bool_or(is_marker) as has_marker,
        bool_or(bool_or(is_marker)) over () as any_marker
    from files
    group by export_day
    order by export_day
{% endmacro %}


{#- Tells of rows whose folder names another experiment or event than they do: the row is believed. Names are the
    same that agree in their letters and digits, since folders can't have all characters. -#}
{% macro check_export_folders(folder, table) %}
    {% set key, column = {
        'decisions': ['experiment', 'experiment_id'], 'events': ['event', 'event_name'],
    }[table] %}
    {% set file = experiment_metrics.file_name_column() %}
    {% set named = "regexp_extract(" ~ file ~ ", " ~ experiment_metrics.string_literal('/' ~ key ~ '=([^/]*)/') ~ ", 1)" %}
    {#- No filter, but a case: DuckDB fails on filters by a file's name where there is one file. -#}
    {% set contradicts = "case when contains(" ~ file ~ ", " ~ experiment_metrics.string_literal('/' ~ key ~ '=')
        ~ ") and " ~ experiment_metrics.folder_key("url_decode(" ~ named ~ ")") ~ " <> "
        ~ experiment_metrics.folder_key(experiment_metrics.to_id(column)) ~ " then " %}
    {% set row = run_query(
        "select coalesce(sum(" ~ contradicts ~ "row_count end), 0), min(" ~ contradicts ~ file ~ " end), arg_min("
        ~ column ~ ", " ~ contradicts ~ file ~ " end) from (select " ~ file ~ ", " ~ column ~ ", count(*) as row_count"
        ~ " from " ~ experiment_metrics.read_export_parts() ~ " group by all) as counted"
    )[0] %}
    {% if row[0] %}
        {% do exceptions.warn(
            row[0] ~ " rows of " ~ table ~ " have another " ~ column ~ " than their folder, as '" ~ row[2] ~ "' in "
            ~ row[1] ~ ". The column is read, not the folder: was a part moved?"
        ) %}
    {% endif %}
{% endmacro %}


{#- What the name of a folder and a value that say the same have in common, as SQL; of those that stand for a
    missing value, nothing. -#}
{% macro folder_key(text) %}
    {{ return(
        "coalesce(case when lower(" ~ text ~ ") not in ('null', '__hive_default_partition__', 'undefined')"
        ~ " then regexp_replace(lower(" ~ text ~ "), '[^\\p{L}\\p{N}]', '', 'g') end, '')"
    ) }}
{% endmacro %}


{#- The first of several texts, and how many more there are. -#}
{% macro few_of(texts, limit=5) %}
    {% set more = texts | length - limit %}
    {{ return(texts[:limit] | join(", ") ~ (" and " ~ more ~ " more" if more > 0 else "")) }}
{% endmacro %}
