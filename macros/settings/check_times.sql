{#- Raises where more than one in a thousand times that are there can't be read: texts that are none, numbers in
    another unit than milliseconds, or timestamps that were made of such. What is less is left out and counted.
    relation: text, SQL; source: text, what it is called; name, column: text, the column's name, and as SQL;
    remedy: text, what to do about a text that is no time; readable: text, SQL, what is read, if not to_timestamp. -#}
{% macro check_times(relation, source, name, column, remedy, readable=none) %}
    {% set found = experiment_metrics.unreadable_cells(
        relation, source, column, readable or experiment_metrics.to_timestamp(column)
    ) %}
    {% if found %}
        {% set begin = "Column '" ~ name ~ "' of " ~ found.source ~ " holds " %}
        {% set wanted = "2023-01-31 12:00:00, or as epoch milliseconds." %}
        {% if modules.re.match('^-?[0-9]+([.][0-9]+)?(e[+]?[0-9]+)?$', found.example) %}
            {{ exceptions.raise_compiler_error(
                begin ~ found.example ~ ", which is no time in epoch milliseconds"
                ~ experiment_metrics.other_unit(found.example | float) ~ " (" ~ found.counts
                ~ " values can't be read). Write times as " ~ wanted
            ) }}
        {% elif modules.re.match('^-?[0-9]+-[0-9]+-[0-9]+', found.example) %}
            {{ exceptions.raise_compiler_error(
                begin ~ found.example ~ " (" ~ found.counts ~ " values can't be read), but must be a time from 1990 to"
                ~ " 2099: was a number of seconds or microseconds read as milliseconds? Write times as " ~ wanted
            ) }}
        {% endif %}
        {{ exceptions.raise_compiler_error(
            begin ~ "'" ~ found.example ~ "' (" ~ found.counts ~ " values are like it), but must be a time such as"
            ~ " 2023-01-31 12:00:00, or epoch milliseconds. " ~ remedy
        ) }}
    {% endif %}
{% endmacro %}


{#- Raises where a var names a time zone that there isn't. -#}
{% macro check_time_zones() %}
    {% for setting in ['call_time_zone', 'plain_time_zone'] if var(setting) != 'UTC' %}
        {% if not run_query(
            "select count(*) from pg_timezone_names() where name = " ~ experiment_metrics.string_literal(var(setting))
        )[0][0] %}
            {{ exceptions.raise_compiler_error(
                "The var '" ~ setting ~ "' is '" ~ var(setting) ~ "', but must be a time zone such as Europe/Berlin, or"
                ~ " UTC."
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- The unit in which a number would be a time, as the end of a sentence; empty if there is none. -#}
{% macro other_unit(number) %}
    {% set era = experiment_metrics.era() %}
    {% for unit, per_millisecond in {'seconds': 0.001, 'microseconds': 1000, 'nanoseconds': 1000000}.items()
        if era.starts_ms * per_millisecond <= number < era.ends_ms * per_millisecond %}
        {{ return(" but looks like " ~ unit) }}
    {% endfor %}
    {{ return("") }}
{% endmacro %}
