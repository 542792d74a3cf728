{#- Raises where a number has a fraction, which would be rounded: names the column, the file and an example. What
    is no number is passed over. The arguments are those of check_times. -#}
{% macro check_fractions(relation, source, name, column, remedy) %}
    {% set number = experiment_metrics.to_number(column) %}
    {% set found = experiment_metrics.unreadable_cells(
        relation, source, column, "case when " ~ number ~ " <> round(" ~ number ~ ") then null else 1 end",
        per_thousand=0
    ) %}
    {% if found %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ found.source ~ " holds '" ~ found.example ~ "' (" ~ found.counts
            ~ " values are like it), but must be a whole number. " ~ remedy
        ) }}
    {% endif %}
{% endmacro %}


{#- Raises where more than one in a thousand numbers of the export can't be read, or one that is to be whole has a
    fraction. -#}
{% macro check_numbers(relation, source, name, column) %}
    {% set found = experiment_metrics.unreadable_cells(
        relation, source, column, experiment_metrics.to_number(column)
    ) %}
    {% if found %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ found.source ~ " holds '" ~ found.example ~ "' (" ~ found.counts
            ~ " values are like it), but must be a number. Correct what writes the export."
        ) }}
    {% endif %}
    {% if name != 'value' %}
        {% do experiment_metrics.check_fractions(
            relation, source, name, column,
            "Write whole numbers, revenue in cents; an amount with a fraction may be a value."
        ) %}
    {% endif %}
{% endmacro %}


{#- Raises where an id is a number with a fraction, or too large for its type to be exact. -#}
{% macro check_ids(relation, source, name, column) %}
    {% set found = experiment_metrics.unreadable_cells(
        relation, source, column, experiment_metrics.to_id(column), per_thousand=0
    ) %}
    {% if found %}
        {{ exceptions.raise_compiler_error(
            "Column '" ~ name ~ "' of " ~ found.source ~ " holds " ~ found.example ~ " (" ~ found.counts
            ~ " values are like it), which is no id: it has a fraction, or more digits than a number of its type can"
            ~ " hold. Write ids as text or whole numbers."
        ) }}
    {% endif %}
{% endmacro %}


{#- What is wrong with a column in which more than so many in a thousand cells that say something can't be read:
    an example, its source (the file, where the relation has the names of its files) and the counts as text; none
    where nothing is. relation, column, readable: text, SQL, the latter what is read; source: text. -#}
{% macro unreadable_cells(relation, source, column, readable, per_thousand=1) %}
    {% set text = experiment_metrics.to_text(column) %}
    {% set unreadable = "case when " ~ readable ~ " is null then case when not " ~ experiment_metrics.is_blank(text)
        ~ " then " ~ text ~ " end end" %}
    {% set counted = run_query(
        "select count(" ~ readable ~ "), count(" ~ unreadable ~ "), min(" ~ unreadable ~ ") from " ~ relation
        ~ " as source"
    )[0] %}
    {% if counted[1] * 1000 > per_thousand * (counted[0] + counted[1]) %}
        {% if experiment_metrics.file_name_column() in relation %}
            {% set source = run_query(
                "select min(" ~ experiment_metrics.file_name_column() ~ ") from " ~ relation ~ " as source where "
                ~ unreadable ~ " = " ~ experiment_metrics.string_literal(counted[2])
            )[0][0] %}
        {% endif %}
        {{ return({
            'example': counted[2], 'source': source, 'counts': counted[1] ~ " of " ~ (counted[0] + counted[1]),
        }) }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}
