{#- Raises where a metric's definition is not one: names the file, the argument and what is allowed.
    arguments: dict, what the file passed to metric_observations. -#}
{% macro check_metric(arguments) %}
    {% set type = experiment_metrics.checked_type(arguments) %}
    {% set own = experiment_metrics.own_arguments(arguments.type) %}
    {% set allowed = dict(experiment_metrics.common_metric_arguments(), **own) %}
    {% for name, types_of_name in experiment_metrics.arguments_without_use(type).items() %}
        {% if arguments.get(name) is not none %}
            {% do experiment_metrics.metric_error(
                "'" ~ name ~ "' is not for the type " ~ arguments.type ~ "."
                ~ (" It is for: " ~ types_of_name | join(', ') ~ "." if types_of_name else "")
            ) %}
        {% endif %}
        {% do allowed.pop(name) %}
    {% endfor %}
    {% do experiment_metrics.check_arguments(arguments, allowed, "", type.step_arguments) %}
    {% do experiment_metrics.check_sources(arguments, type.parts) %}
    {% if type.check %}{% do type.check(arguments) %}{% endif %}
    {% do experiment_metrics.check_unit(arguments) %}
    {% do experiment_metrics.check_options(arguments) %}
    {% do experiment_metrics.check_span(arguments) %}
{% endmacro %}


{#- The type of a metric, which must be one. -#}
{% macro checked_type(arguments) %}
    {% set types = experiment_metrics.metric_types() %}
    {% set type = arguments.get('type') %}
    {% if type is none %}
        {% do experiment_metrics.metric_error(
            "'type' is missing: one of: " ~ types | join(', ') ~ "."
        ) %}
    {% elif type is not string or type not in types %}
        {% do experiment_metrics.metric_error(
            experiment_metrics.mismatch('type', type, "one of: " ~ types | join(', '))
        ) %}
    {% endif %}
    {{ return(types[type]) }}
{% endmacro %}


{#- Raises where a set of arguments has one that is not allowed, lacks one, or holds what it may
    not. allowed: dict of the kind of each; place: text, where the arguments stand, for the message;
    steps: the arguments of steps that are among them, see check_steps. -#}
{% macro check_arguments(arguments, allowed, place, steps=none) %}
    {% for name in arguments if name not in allowed %}
        {% do experiment_metrics.metric_error(
            place ~ "unknown argument '" ~ name ~ "'. Did you mean '"
            ~ experiment_metrics.nearest(name | string, allowed.keys())
            ~ "'? Allowed: " ~ allowed | join(', ') ~ "."
        ) %}
    {% endfor %}
    {% for name, kind in allowed.items() %}
        {% set value, bare_kind = arguments.get(name), experiment_metrics.bare_kind(kind) %}
        {% if value is none and kind != bare_kind %}
            {% do experiment_metrics.metric_error(place ~ "'" ~ name ~ "' is missing.") %}
        {% elif value is not none %}
            {% set expected = experiment_metrics.expected_argument(value, bare_kind) %}
            {% if expected %}
                {% do experiment_metrics.metric_error(
                    place ~ experiment_metrics.mismatch(name, value, expected)
                ) %}
            {% elif bare_kind == 'part' %}
                {% do experiment_metrics.check_part(value, name ~ ": ") %}
            {% elif bare_kind == 'steps' %}
                {% do experiment_metrics.check_steps(value, name, steps or {}) %}
            {% elif bare_kind == 'cap' %}
                {% do experiment_metrics.check_arguments(
                    value, experiment_metrics.cap_arguments(), place ~ "cap: "
                ) %}
            {% endif %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- Words that an argument is not what is expected. -#}
{% macro mismatch(name, value, expected) %}
    {% if value is undefined %}
        {{ return(
            "'" ~ name ~ "' is a name that stands for nothing. Were its quotes forgotten? "
            ~ "It must be " ~ expected ~ "."
        ) }}
    {% endif %}
    {{ return("'" ~ name ~ "' is '" ~ value ~ "', but must be " ~ expected ~ ".") }}
{% endmacro %}


{#- A part that is a metric in itself has its type's arguments: a sum has a value, a count has none.
    -#}
{% macro check_part(part, place) %}
    {% set allowed = experiment_metrics.part_arguments() %}
    {% do experiment_metrics.check_arguments(part, allowed, place) %}
    {% if not part.type %}
        {% do experiment_metrics.metric_error(place ~ "'type' is missing.") %}
    {% endif %}
    {% set own = experiment_metrics.own_arguments(part.type) %}
    {% if part.cap and not experiment_metrics.takes_cap(part) %}
        {% do experiment_metrics.metric_error(place ~ "'cap' is not for the type " ~ part.type ~ ".") %}
    {% endif %}
    {% for name in allowed if name not in experiment_metrics.common_metric_arguments() %}
        {% if name in own and part.get(name) is none %}
            {% do experiment_metrics.metric_error(place ~ "'" ~ name ~ "' is missing.") %}
        {% elif name not in own and part.get(name) is not none %}
            {% do experiment_metrics.metric_error(
                place ~ "'" ~ name ~ "' is not for the type " ~ part.type ~ "."
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- Steps have a source and a filter each, and what their type says of the first and of the others.
    steps: dict of these arguments, first and others. -#}
{% macro check_steps(values, name, steps) %}
    {% for step in values %}
        {% set own = steps.get('first' if loop.first else 'others', {}) %}
        {% do experiment_metrics.check_arguments(
            step, dict({'source': 'source', 'where': 'sql'}, **own), name ~ " " ~ loop.index ~ ": "
        ) %}
    {% endfor %}
{% endmacro %}


{#- Raises an error about the metric whose model is being compiled. -#}
{% macro metric_error(problem) %}
    {{ exceptions.raise_compiler_error("Metric in " ~ model.original_file_path ~ ": " ~ problem) }}
{% endmacro %}
