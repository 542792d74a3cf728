{% macro duckdb__to_double(expression) %}
    {%- set number = "try_cast(" ~ expression ~ " as double)" -%}
    {{- return("case when isfinite(" ~ number ~ ") then " ~ number ~ " end") -}}
{% endmacro %}


{% macro duckdb__to_whole(expression) %}
    {{- return("try_cast(" ~ expression ~ " as bigint)") -}}
{% endmacro %}


{% macro duckdb__to_number(expression) %}
    {{- return("try_cast(" ~ expression ~ " as double)") -}}
{% endmacro %}


{% macro duckdb__is_blank(expression) %}
    {%- set blanks = experiment_metrics.string_literal(experiment_metrics.duckdb__white_space() ~ '*') -%}
    {{- return("coalesce(regexp_full_match(" ~ expression ~ ", " ~ blanks ~ "), true)") -}}
{% endmacro %}


{#- Unicode's white space, of which DuckDB's own class has but a part, as a class of its regular expressions. -#}
{% macro duckdb__white_space() %}
    {{- return('[\\s\\x0b\\x1c-\\x1f\\x85\\p{Z}]') -}}
{% endmacro %}


{% macro duckdb__trimmed(expression) %}
    {%- set blank = experiment_metrics.duckdb__white_space() -%}
    {%- set ends = experiment_metrics.string_literal('^' ~ blank ~ '+|' ~ blank ~ '+$') -%}
    {{- return("regexp_replace(" ~ expression ~ ", " ~ ends ~ ", '', 'g')") -}}
{% endmacro %}


{% macro duckdb__likeness_key(expression) %}
    {%- set blanks = experiment_metrics.string_literal(experiment_metrics.duckdb__white_space() ~ '+') -%}
    {{- return("lower(regexp_replace(" ~ expression ~ ", " ~ blanks ~ ", '', 'g'))") -}}
{% endmacro %}


{% macro duckdb__to_id(expression) %}
    {%- set text = experiment_metrics.to_text(expression) -%}
    {%- set type = "typeof(" ~ expression ~ ")" -%}
    {{- return(
        "case when " ~ type ~ " in ('FLOAT', 'DOUBLE') or " ~ type ~ " like 'DECIMAL%' then case when"
        ~ " regexp_full_match(" ~ text ~ ", '-?[0-9]+([.]0*)?') then regexp_extract(" ~ text ~ ", '-?[0-9]+') end"
        ~ " else " ~ text ~ " end"
    ) -}}
{% endmacro %}


{% macro duckdb__shares_a_word(one, other) %}
    {{- return(
        "coalesce(list_has_any(string_split(" ~ one ~ ", ' '), string_split(" ~ other ~ ", ' ')), false)"
    ) -}}
{% endmacro %}


{% macro duckdb__printable(expression) %}
    {{- return("regexp_replace(" ~ expression ~ ", '[\\p{C}\\p{Zl}\\p{Zp}]', '?', 'g')") -}}
{% endmacro %}


{% macro duckdb__without_letters(expression) %}
    {{- return("regexp_replace(left(" ~ expression ~ ", 40), '\\p{L}', 'x', 'g')") -}}
{% endmacro %}


{% macro duckdb__to_timestamp(expression) %}
    {%- set era = experiment_metrics.era() -%}
    {%- set number = "try_cast(" ~ expression ~ " as bigint)" -%}
    {%- set time = "cast(try_cast(" ~ expression ~ " as timestamptz) as timestamp)" -%}
    {{- return(
        "coalesce(epoch_ms(case when " ~ number ~ " >= " ~ era.starts_ms ~ " and " ~ number ~ " < " ~ era.ends_ms
        ~ " then " ~ number ~ " end), case when " ~ time ~ " >= timestamp '" ~ era.starts_at ~ "' and " ~ time
        ~ " < timestamp '" ~ era.ends_at ~ "' then " ~ time ~ " end)"
    ) -}}
{% endmacro %}


{% macro duckdb__us_timestamp(expression) %}
    {#- DuckDB's %Y takes 20 for the year 20. -#}
    {%- set form = "'\\s*\\d{1,2}/\\d{1,2}/[12]\\d{3}\\s+\\d{1,2}:\\d{1,2}:\\d{1,2}\\s*'" -%}
    {{- return(
        "case when regexp_full_match(" ~ expression ~ ", " ~ form ~ ") then try_strptime("
        ~ expression ~ ", '%m/%d/%Y %H:%M:%S') end"
    ) -}}
{% endmacro %}


{% macro duckdb__zoned_timestamp(expression, date_format, zone) %}
    {%- set text = experiment_metrics.to_text(expression) -%}
    {%- set form = "'^\\s*(\\d{1,2})[/.-](\\d{1,2})[/.-]([12]\\d{3})(?:\\s+(\\d{1,2}:\\d{1,2}(?::\\d{1,2}(?:[.]\\d+)?)?))?\\s*$'" -%}
    {%- set order = {'month_first': "'\\3-\\1-\\2 \\4'", 'day_first': "'\\3-\\2-\\1 \\4'"} -%}
    {%- set local_text = text if date_format == 'iso' else "trim(regexp_replace(" ~ text ~ ", " ~ form ~ ", "
        ~ order[date_format] ~ "))" -%}
    {%- set has_offset = "regexp_matches(" ~ text ~ ", ':\\d{2}([.]\\d+)?\\s*(Z|z|UTC|[+-]\\d{2}(:?\\d{2})?)\\s*$')" -%}
    {%- set time, at_zone = "try_cast(" ~ local_text ~ " as timestamp)", " at time zone "
        ~ experiment_metrics.string_literal(zone) -%}
    {%- set moment = "(" ~ time ~ at_zone ~ ")" -%}
    {%- set is_there = "(" ~ moment ~ at_zone ~ ") = " ~ time -%}
    {{- return(
        "case when " ~ has_offset ~ " or try_cast(" ~ text ~ " as bigint) is not null then "
        ~ experiment_metrics.to_timestamp(expression) ~ " when " ~ is_there ~ " then "
        ~ experiment_metrics.to_timestamp(moment) ~ " end"
    ) -}}
{% endmacro %}


{% macro duckdb__iso_timestamp(expression) %}
    {%- set form = "'\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2}(\\.\\d+)?)?'" -%}
    {{- return(
        "case when regexp_full_match(" ~ expression ~ ", " ~ form ~ ") then try_cast("
        ~ expression ~ " as timestamp) end"
    ) -}}
{% endmacro %}


{% macro duckdb__iso_end(expression) %}
    {{- return(
        experiment_metrics.iso_timestamp(expression) ~ " + case when length(" ~ expression
        ~ ") = 10 then interval 1 day - interval 1 microsecond else interval 0 day end"
    ) -}}
{% endmacro %}


{% macro duckdb__add_hours(expression, hours) %}
    {%- set milliseconds = (hours * 3600000) | round | int if hours is number
        else "cast(round(" ~ hours ~ " * 3600000) as bigint)" -%}
    {{- return("(" ~ expression ~ " + to_milliseconds(" ~ milliseconds ~ "))") -}}
{% endmacro %}


{% macro duckdb__hours_between(from_time, to_time) %}
    {{- return(
        "(epoch_us(" ~ to_time ~ ") - epoch_us(" ~ from_time ~ ")) / cast(3600000000 as double)"
    ) -}}
{% endmacro %}


{% macro duckdb__days_between(from_time, to_time) %}
    {{- return("date_diff('day', cast(" ~ from_time ~ " as date), cast(" ~ to_time ~ " as date))") -}}
{% endmacro %}


{% macro duckdb__add_days(from_time, days) %}
    {{- return("(cast(" ~ from_time ~ " as date) + cast(" ~ days ~ " as integer))") -}}
{% endmacro %}


{% macro duckdb__tag(key, column) %}
    {{- return(column ~ "[" ~ experiment_metrics.string_literal(key) ~ "]") -}}
{% endmacro %}


{% macro duckdb__unnest_attributes(relation, columns, column) %}
    select
        {{ columns | join(', ') }},
        attribute.name as attribute_name,
        attribute.type as attribute_type,
        attribute.value as attribute_value
    from (
        select {{ columns | join(', ') }}, unnest({{ column }}) as attribute
        from {{ relation }}
    ) as elements
{% endmacro %}


{% macro duckdb__unnest_tags(relation, columns, column) %}
    select
        {{ columns | join(', ') }},
        tag.key as tag_name,
        tag.value as tag_value
    from (
        select {{ columns | join(', ') }}, unnest(map_entries({{ column }})) as tag
        from {{ relation }}
    ) as entries
{% endmacro %}


{% macro duckdb__unnest_words(relation, columns, column) %}
    select
        {{ columns | join(', ') }},
        word
    from (
        select {{ columns | join(', ') }}, unnest(string_split({{ column }}, ' ')) as word
        from {{ relation }}
    ) as words
    where word <> ''
{% endmacro %}


{% macro duckdb__sorted_list(expression) %}
    {{- return("list_sort(" ~ expression ~ ")") -}}
{% endmacro %}


{% macro duckdb__sorted_tags(expression) %}
    {{- return("list_sort(map_entries(" ~ expression ~ "))") -}}
{% endmacro %}


{#- With --empty dbt reads from a subquery, which has no such columns. -#}
{% macro duckdb__file_of_row(table) %}
    {%- if flags.EMPTY -%}
        {{- return(experiment_metrics.default__file_of_row(table)) -}}
    {%- endif -%}
    {{- return("regexp_replace(cast(filename as varchar), '^.*/(type=" ~ table ~ "/)', '\\1')") -}}
{% endmacro %}


{% macro duckdb__row_of_file() %}
    {%- if flags.EMPTY -%}
        {{- return(experiment_metrics.default__row_of_file()) -}}
    {%- endif -%}
    {{- return("try_cast(file_row_number as bigint) + 1") -}}
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


{% macro duckdb__plain_relation(door, has_file_names) %}
    {%- set source = experiment_metrics.plain_source(door) -%}
    {%- if experiment_metrics.is_file(source) -%}
        {{- return(experiment_metrics.plain_files(source, has_file_names)) -}}
    {%- endif -%}
    {{- return(experiment_metrics.default__plain_relation(door, has_file_names)) -}}
{% endmacro %}


{% macro duckdb__flat_columns(relation) %}
    {%- set described = run_query(
        "select column_name from (describe select * from " ~ relation ~ ") where column_type not like 'STRUCT%'"
        ~ " and column_type not like 'MAP%' and column_type not like '%]'"
    ) -%}
    {{- return(described.columns[0].values() | map('string') | list) -}}
{% endmacro %}


{% macro duckdb__raw_call_data() %}
    {%- set records = experiment_metrics.read_call_data(experiment_metrics.call_data_path()) if experiment_metrics.call_data_path() else ref('call_data') -%}
    {%- set file = experiment_metrics.call_data_path().rpartition('/')[2] or 'seeds/call_data.csv' -%}
    {%- if execute and not experiment_metrics.call_data_path() -%}
        {#- A seed that is not there yet, or given by a unit test, has no columns to check. -#}
        {%- set columns = adapter.get_columns_in_relation(records) | map(attribute='name') | list -%}
        {%- if columns -%}{%- do experiment_metrics.check_call_data_columns(columns, 'seeds/call_data.csv') -%}{%- endif -%}
    {%- endif -%}
    {{- return(
        "(select columns('^(user_id|visitor_id)$') as user_id, call_start, call_duration_min, "
        ~ experiment_metrics.string_literal(file) ~ " as file_name, row_number() over () as file_row from " ~ records ~ ")"
    ) -}}
{% endmacro %}
