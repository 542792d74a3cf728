{#- What a value should have been, as the end of a sentence; none if it is that. -#}
{% macro expected_argument(value, kind) %}
    {% if kind is string and kind.startswith('type of a ') %}
        {% set kind = experiment_metrics.types_that('serves_as', kind | replace('type of a ', '')) %}
    {% endif %}
    {% set is_number = value is number and value is not boolean and -1e15 <= value <= 1e15 %}
    {% if kind is not string %}
        {% set is_choice = (value is boolean) if (kind[0] is boolean) else (value is string and value in kind) %}
        {{ return(none if is_choice else "one of: " ~ kind | join(', ') | lower) }}
    {% elif kind == 'source' %}
        {% set sources = [value] if value.identifier is defined else value %}
        {% set are_relations = experiment_metrics.is_list(sources) and sources | selectattr('identifier', 'defined') | list | length
            == sources | length and sources | length > 0 %}
        {{ return(none if are_relations else "a relation such as ref('experiment_events'), or a list of them") }}
    {% elif kind == 'text' %}
        {{ return(none if value is string and value | trim else "a text that is not empty") }}
    {% elif kind == 'sql' %}
        {{ return(none if value is string and value | trim and experiment_metrics.is_one_expression(value)
            else "one SQL expression: quotes and parentheses in pairs, commas within parentheses only, "
            ~ "no comment and no semicolon") }}
    {% elif kind == 'number' %}
        {{ return(none if is_number else "a number, of at most 1e15") }}
    {% elif kind == 'positive number' %}
        {{ return(none if is_number and value > 0 else "a number above 0") }}
    {% elif kind == 'positive hours' %}
        {{ return(none if is_number and 0 < value <= experiment_metrics.longest_hours()
            else "a number above 0, of at most " ~ experiment_metrics.longest_hours() ~ " hours") }}
    {% elif kind == 'fraction' %}
        {{ return(none if is_number and 0 < value < 1 else "a number between 0 and 1") }}
    {% elif kind == 'hours' %}
        {{ return(none if is_number and value >= 0 else "a number of hours, 0 or more") }}
    {% elif kind == 'day' %}
        {{ return(none if is_number and value is integer and value >= 0 else "a whole number of days, 0 or more") }}
    {% elif kind == 'window' %}
        {% set is_window = value == 'none' or (is_number and value > 0) %}
        {{ return(none if is_window else "a number above 0, or 'none' for no end") }}
    {% elif kind == 'texts' %}
        {{ return(none if experiment_metrics.is_list(value) and experiment_metrics.are_words(value) else "a list of words") }}
    {% elif kind == 'names' %}
        {% set are_names = experiment_metrics.is_list(value) and value and not value | reject('string') | list
            and value | unique(case_sensitive=true) | list | length == value | length %}
        {{ return(none if are_names else "a list of different texts") }}
    {% elif kind == 'cap' %}
        {{ return(none if experiment_metrics.is_definition(value) and value else "a dict, such as {'upper_percentile': 0.99}") }}
    {% elif kind == 'part' %}
        {{ return(none if experiment_metrics.is_definition(value) else "a definition, such as {'type': 'count', …}") }}
    {% elif kind == 'steps' %}
        {% set is_steps = experiment_metrics.is_list(value) and 2 <= value | length <= 20 and experiment_metrics.are_definitions(value) %}
        {{ return(none if is_steps else "a list of 2 to 20 definitions, such as {'where': \"…\"}") }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}


{#- Whether a value is a list or a tuple, which can be read twice. -#}
{% macro is_list(value) %}
    {{ return(
        value is defined and value is sequence and value is not string and value is not mapping
    ) }}
{% endmacro %}


{#- Whether a value is a dict. To Jinja a relation is one too. -#}
{% macro is_definition(value) %}
    {{ return(value is mapping and value.identifier is not defined) }}
{% endmacro %}


{#- Whether all values of a list are dicts. -#}
{% macro are_definitions(values) %}
    {% set found = namespace(are_all=true) %}
    {% for value in values if not experiment_metrics.is_definition(value) %}
        {% set found.are_all = false %}
    {% endfor %}
    {{ return(found.are_all) }}
{% endmacro %}


{#- Whether all values of a list are texts without white space, and not empty. -#}
{% macro are_words(values) %}
    {% set found = namespace(are_all=true) %}
    {% for value in values if value is not string or not modules.re.fullmatch("\\S+", value) %}
        {% set found.are_all = false %}
    {% endfor %}
    {{ return(found.are_all) }}
{% endmacro %}


{#- The hours of a hundred years: no window is longer, and times stay within what a warehouse can hold. -#}
{% macro longest_hours() %}
    {{ return(876000) }}
{% endmacro %}


{#- Whether a text can stand within parentheses as it is: it opens what it closes, closes what it opens, and
    has no comma but within brackets. So a filter can't take the rest of the query with it, and a value is
    one column. What is in quotes may hold anything. -#}
{% macro is_one_expression(text) %}
    {% set bare = modules.re.sub("'(?:''|[^'])*'|\"(?:\"\"|[^\"])*\"", "", text) %}
    {% set found = namespace(depth=0, is_one=true) %}
    {% for mark in modules.re.findall("[()\\[\\]{},]", bare) %}
        {% set found.depth = found.depth + {'(': 1, '[': 1, '{': 1, ',': 0}.get(mark, -1) %}
        {% if found.depth < 0 or (mark == ',' and found.depth == 0) %}
            {% set found.is_one = false %}
        {% endif %}
    {% endfor %}
    {% set stray = modules.re.search("['\";]|--|/[*]", bare) %}
    {{ return(found.is_one and found.depth == 0 and not stray) }}
{% endmacro %}
