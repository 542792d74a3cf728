{#- Raises where a metric's definition is not one: names the file, the argument and what is allowed.
    arguments: dict, what the file passed to metric_observations. -#}
{% macro check_metric(arguments) %}
    {% set types = metric_types() %}
    {% if arguments.type is not string or arguments.type not in types %}
        {% do metric_error(
            ("'type' is '" ~ arguments.type ~ "', but must be" if arguments.type else "'type' is missing:")
            ~ " one of: " ~ types | join(', ') ~ "."
        ) %}
    {% endif %}
    {% set allowed = dict(common_metric_arguments(), **types[arguments.type]) %}
    {% for name in arguments_without_use(arguments) %}
        {% do allowed.pop(name) %}
    {% endfor %}
    {% do check_arguments(arguments, allowed, "") %}
    {% do check_needs(arguments) %}
{% endmacro %}


{#- Common arguments that mean nothing for a type: its parts have their own filter, or it has its own
    window. -#}
{% macro arguments_without_use(arguments) %}
    {% if arguments.type in ['ratio', 'funnel', 'all_of', 'any_of'] %}
        {{ return(['where']) }}
    {% elif arguments.type in ['unit_count', 'retention'] %}
        {{ return(['window_hours', 'window_days', 'delay_hours']) }}
    {% endif %}
    {{ return([]) }}
{% endmacro %}


{#- Raises where a set of arguments has one that is not allowed, lacks one, or holds what it may not.
    allowed: dict of the kind of each; place: text, where the arguments stand, for the message. -#}
{% macro check_arguments(arguments, allowed, place) %}
    {% for name in arguments if name not in allowed %}
        {% do metric_error(
            place ~ "unknown argument '" ~ name ~ "'. Did you mean '"
            ~ nearest(name, allowed.keys()) ~ "'? Allowed: " ~ allowed | join(', ') ~ "."
        ) %}
    {% endfor %}
    {% for name, kind in allowed.items() %}
        {% set value = arguments.get(name) %}
        {% if kind is string and kind.startswith('required ') and value is none %}
            {% do metric_error(place ~ "'" ~ name ~ "' is missing.") %}
        {% endif %}
        {% if value is not none %}
            {% set bare = kind | replace('required ', '') if kind is string else kind %}
            {% set expected = expected_argument(value, bare) %}
            {% if expected %}
                {% do metric_error(
                    place ~ "'" ~ name ~ "' is '" ~ value ~ "', but must be " ~ expected ~ "."
                ) %}
            {% endif %}
            {% do check_parts(name, value, bare) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- What a value should have been, as the end of a sentence; none if it is that. -#}
{% macro expected_argument(value, kind) %}
    {% set is_number = value is number and value is not boolean %}
    {% if kind is not string %}
        {% set is_choice = (value is boolean) if (kind[0] is boolean) else (value is string and value in kind) %}
        {{ return(none if is_choice else "one of: " ~ kind | join(', ') | lower) }}
    {% elif kind == 'source' %}
        {% set sources = [value] if value.identifier is defined else value %}
        {% set is_list = sources is iterable and sources is not string and sources is not mapping %}
        {% set are_relations = is_list and sources | selectattr('identifier', 'defined') | list | length
            == sources | length and sources | length > 0 %}
        {{ return(none if are_relations else "a relation such as ref('experiment_events'), or a list of them") }}
    {% elif kind == 'text' %}
        {{ return(none if value is string and value | trim else "a text that is not empty") }}
    {% elif kind == 'number' %}
        {{ return(none if is_number else "a number") }}
    {% elif kind == 'positive number' %}
        {{ return(none if is_number and value > 0 else "a number above 0") }}
    {% elif kind == 'hours' %}
        {{ return(none if is_number and value >= 0 else "a number of hours, 0 or more") }}
    {% elif kind == 'day' %}
        {{ return(none if value is integer and value >= 0 else "a whole number of days, 0 or more") }}
    {% elif kind == 'window' %}
        {% set is_window = value == 'none' or (is_number and value > 0) %}
        {{ return(none if is_window else "a number above 0, or 'none' for no end") }}
    {% elif kind == 'texts' %}
        {% set is_list = value is iterable and value is not string and value is not mapping %}
        {% set is_words = is_list and not value | reject('string') | list
            and ' ' not in value | join('') %}
        {{ return(none if is_words else "a list of words") }}
    {% elif kind == 'part' %}
        {{ return(none if value is mapping else "a definition, such as {'type': 'count', …}") }}
    {% elif kind == 'steps' %}
        {% set is_list = value is iterable and value is not string and value is not mapping %}
        {% set is_steps = is_list and 2 <= value | length <= 20 and not value | reject('mapping') | list %}
        {{ return(none if is_steps else "a list of 2 to 20 definitions, such as {'where': \"…\"}") }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}


{% macro check_parts(name, value, kind) %}
    {% if kind == 'part' %}
        {% do check_arguments(value, part_arguments('part'), name ~ ": ") %}
        {% do check_value(value, name ~ ": ") %}
    {% elif kind == 'steps' %}
        {% for step in value %}
            {% set kind = 'condition' if name == 'conditions' else 'first step' if loop.first else 'step' %}
            {% do check_arguments(step, part_arguments(kind), name ~ " " ~ loop.index ~ ": ") %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- A part's value belongs to its type: a sum has one, a count has none. -#}
{% macro check_value(part, place) %}
    {% if not part.type %}{% do metric_error(place ~ "'type' is missing.") %}{% endif %}
    {% set needed = metric_types()[part.type] %}
    {% for argument in ['value', 'threshold'] %}
        {% if argument in needed and part.get(argument) is none %}
            {% do metric_error(place ~ "'" ~ argument ~ "' is missing.") %}
        {% elif argument not in needed and part.get(argument) is not none %}
            {% do metric_error(place ~ "'" ~ argument ~ "' is not for the type " ~ part.type ~ ".") %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- What one argument demands of the others. -#}
{% macro check_needs(arguments) %}
    {% set type = arguments.type %}
    {% if type == 'ratio' %}
        {% for part in ['numerator', 'denominator'] if not (arguments[part].source or arguments.source) %}
            {% do metric_error(part ~ ": 'source' is missing.") %}
        {% endfor %}
    {% elif type in ['all_of', 'any_of', 'funnel'] %}
        {% set parts = arguments.steps or arguments.conditions %}
        {% if not arguments.source and parts | rejectattr('source') | list %}
            {% do metric_error("'source' is missing, for the metric or for each of its parts.") %}
        {% endif %}
        {% if type == 'funnel' and (parts | rejectattr('name') | list
            or parts | map(attribute='name') | unique(case_sensitive=true) | list | length < parts | length) %}
            {% do metric_error("each step needs a 'name' of its own.") %}
        {% endif %}
    {% elif not arguments.source %}
        {% do metric_error("'source' is missing. Give a relation, such as ref('experiment_events').") %}
    {% endif %}
    {% if arguments.get('window_hours') is not none and arguments.get('window_days') is not none %}
        {% do metric_error("give 'window_hours' or 'window_days', not both.") %}
    {% endif %}
    {% if type == 'unit_count' and not arguments.rollup %}
        {% do metric_error("'rollup' is missing: one of " ~ metric_types().unit_count.rollup | join(', ') ~ ".") %}
    {% endif %}
    {% for day in ['start_day', 'end_day'] if type == 'unit_count' %}
        {% if arguments.rollup == 'window' and arguments.get(day) is none %}
            {% do metric_error("the rollup window needs '" ~ day ~ "'.") %}
        {% elif arguments.rollup != 'window' and arguments.get(day) is not none %}
            {% do metric_error("'" ~ day ~ "' is for the rollup window only.") %}
        {% endif %}
    {% endfor %}
    {% for pair in [['start_day', 'end_day'], ['from_day', 'to_day']] %}
        {% if arguments[pair[0]] is number and arguments[pair[1]] is number
            and arguments[pair[0]] > arguments[pair[1]] %}
            {% do metric_error("'" ~ pair[0] ~ "' is after '" ~ pair[1] ~ "'.") %}
        {% endif %}
    {% endfor %}
    {% set span = metric_span(arguments) %}
    {% if arguments.mature_only and not span.can_mature %}
        {% do metric_error("'mature_only' needs a window with an end.") %}
    {% endif %}
    {% if span.end_hours is not none and span.start_hours > span.end_hours %}
        {% do metric_error("the delay is longer than the window.") %}
    {% endif %}
{% endmacro %}


{#- Raises an error about the metric whose model is being compiled. -#}
{% macro metric_error(problem) %}
    {{ exceptions.raise_compiler_error("Metric in " ~ model.original_file_path ~ ": " ~ problem) }}
{% endmacro %}
