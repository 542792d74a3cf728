{#- What a value should have been, as the end of a sentence; none if it is that.
    kind: text, one of kinds_of_arguments or a type that serves as something; or a list of choices. -#}
{% macro expected_argument(value, kind) %}
    {% if kind is string and kind.startswith('type of a ') %}
        {% set role = kind | replace('type of a ', '') %}
        {% set kind = experiment_metrics.types_that('serves_as', role) %}
    {% endif %}
    {% if kind is not string %}
        {% set is_right = (value is boolean) if (kind[0] is boolean)
            else (value is string and value in kind) %}
        {% set words = "one of: " ~ kind | join(', ') | lower %}
    {% else %}
        {% set is_right, words = experiment_metrics.kinds_of_arguments(value)[kind] %}
    {% endif %}
    {{ return(none if is_right else words) }}
{% endmacro %}


{#- The kinds that an argument may be of, each with whether a value is of it, and its words. -#}
{% macro kinds_of_arguments(value) %}
    {% set is_list = experiment_metrics.is_list(value) %}
    {% set is_dict = experiment_metrics.is_definition(value) %}
    {% set is_number = value is number and value is not boolean and -1e15 <= value <= 1e15 %}
    {% set longest = experiment_metrics.longest_hours() %}
    {{ return({
        'source': [
            experiment_metrics.are_relations(value),
            "a relation such as ref('experiment_events'), or a list of them",
        ],
        'text': [value is string and value | trim, "a text that is not empty"],
        'sql': [
            value is string and value | trim and experiment_metrics.is_one_expression(value),
            "one SQL expression: quotes and parentheses in pairs, commas within parentheses only,"
            ~ " no comment and no semicolon",
        ],
        'number': [is_number, "a number, of at most 1e15"],
        'positive number': [is_number and value > 0, "a number above 0"],
        'positive hours': [
            is_number and 0 < value <= longest,
            "a number above 0, of at most " ~ longest ~ " hours",
        ],
        'fraction': [is_number and 0 < value < 1, "a number between 0 and 1"],
        'hours': [is_number and value >= 0, "a number of hours, 0 or more"],
        'day': [
            is_number and value is integer and value >= 0, "a whole number of days, 0 or more"
        ],
        'window': [
            (value is string and value == 'none') or (is_number and value > 0),
            "a number above 0, or 'none' for no end",
        ],
        'texts': [is_list and experiment_metrics.are_words(value), "a list of words"],
        'names': [
            is_list and value and not value | reject('string') | list
            and value | unique(case_sensitive=true) | list | length == value | length,
            "a list of different texts",
        ],
        'cap': [is_dict and value, "a dict, such as {'upper_percentile': 0.99}"],
        'part': [is_dict, "a definition, such as {'type': 'count', …}"],
        'steps': [
            is_list and 2 <= value | length <= 20 and experiment_metrics.are_definitions(value),
            "a list of 2 to 20 definitions, such as {'where': \"…\"}",
        ],
    }) }}
{% endmacro %}


{#- Whether a value is a relation, or a list of relations that is not empty. -#}
{% macro are_relations(value) %}
    {% set is_one = value is defined and value.identifier is defined %}
    {% set relations = [value] if is_one else value %}
    {{ return(
        experiment_metrics.is_list(relations) and relations
        and not relations | selectattr('identifier', 'undefined') | list
    ) }}
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


{#- The hours of a hundred years: no window is longer, and times stay within what a warehouse can
    hold. -#}
{% macro longest_hours() %}
    {{ return(876000) }}
{% endmacro %}


{#- Whether a text can stand within parentheses as it is: it opens what it closes, closes what it
    opens, and has no comma but within brackets. So a filter can't take the rest of the query with
    it, and a value is one column. What is in quotes may hold anything. -#}
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
