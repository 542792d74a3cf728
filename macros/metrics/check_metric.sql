{#- Raises where a metric's definition is not one: names the file, the argument and what is allowed.
    arguments: dict, what the file passed to metric_observations. -#}
{% macro check_metric(arguments) %}
    {% set types = experiment_metrics.metric_types() %}
    {% set type = arguments.get('type') %}
    {% if type is none %}
        {% do experiment_metrics.metric_error("'type' is missing: one of: " ~ types | join(', ') ~ ".") %}
    {% elif type is not string or type not in types %}
        {% do experiment_metrics.metric_error(experiment_metrics.mismatch('type', type, "one of: " ~ types | join(', '))) %}
    {% endif %}
    {% set allowed = dict(experiment_metrics.common_metric_arguments(), **types[arguments.type]) %}
    {% for name, types_of_name in experiment_metrics.arguments_without_use(arguments).items() %}
        {% if arguments.get(name) is not none %}
            {% do experiment_metrics.metric_error(
                "'" ~ name ~ "' is not for the type " ~ arguments.type ~ "."
                ~ (" It is for: " ~ types_of_name | join(', ') ~ "." if types_of_name else "")
            ) %}
        {% endif %}
        {% do allowed.pop(name) %}
    {% endfor %}
    {% do experiment_metrics.check_arguments(arguments, allowed, "") %}
    {% do experiment_metrics.check_needs(arguments) %}
{% endmacro %}


{#- Common arguments that mean nothing for a type: its parts have their own filter, or it has its own
    window, or the option is for other types: a dict of those types, by the argument's name. -#}
{% macro arguments_without_use(arguments) %}
    {% set unused = {} %}
    {% if arguments.type in ['ratio', 'funnel', 'all_of', 'any_of'] %}
        {% do unused.update({'where': []}) %}
    {% elif arguments.type in ['unit_count', 'retention'] %}
        {% do unused.update({'window_hours': [], 'window_days': [], 'delay_hours': []}) %}
    {% endif %}
    {% for option, arguments_of_option in {
        'breakdown': ['breakdown', 'breakdown_values'], 'cuped': ['cuped', 'cuped_days'], 'cap': ['cap']
    }.items() if arguments.type not in experiment_metrics.types_with(option) %}
        {% for name in arguments_of_option %}
            {% do unused.update({name: experiment_metrics.types_with(option)}) %}
        {% endfor %}
    {% endfor %}
    {{ return(unused) }}
{% endmacro %}


{#- Raises where a set of arguments has one that is not allowed, lacks one, or holds what it may not.
    allowed: dict of the kind of each; place: text, where the arguments stand, for the message. -#}
{% macro check_arguments(arguments, allowed, place) %}
    {% for name in arguments if name not in allowed %}
        {% do experiment_metrics.metric_error(
            place ~ "unknown argument '" ~ name ~ "'. Did you mean '"
            ~ experiment_metrics.nearest(name | string, allowed.keys()) ~ "'? Allowed: " ~ allowed | join(', ') ~ "."
        ) %}
    {% endfor %}
    {% for name, kind in allowed.items() %}
        {% set value = arguments.get(name) %}
        {% if kind is string and kind.startswith('required ') and value is none %}
            {% do experiment_metrics.metric_error(place ~ "'" ~ name ~ "' is missing.") %}
        {% endif %}
        {% if value is not none %}
            {% set bare = kind | replace('required ', '') if kind is string else kind %}
            {% set expected = experiment_metrics.expected_argument(value, bare) %}
            {% if expected %}
                {% do experiment_metrics.metric_error(place ~ experiment_metrics.mismatch(name, value, expected)) %}
            {% endif %}
            {% do experiment_metrics.check_parts(name, value, bare) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- Words that an argument is not what is expected. -#}
{% macro mismatch(name, value, expected) %}
    {% if value is undefined %}
        {{ return(
            "'" ~ name ~ "' is a name that stands for nothing. Were its quotes forgotten? It must be "
            ~ expected ~ "."
        ) }}
    {% endif %}
    {{ return("'" ~ name ~ "' is '" ~ value ~ "', but must be " ~ expected ~ ".") }}
{% endmacro %}


{% macro check_parts(name, value, kind) %}
    {% if kind == 'part' %}
        {% do experiment_metrics.check_arguments(value, experiment_metrics.part_arguments('part'), name ~ ": ") %}
        {% do experiment_metrics.check_value(value, name ~ ": ") %}
    {% elif kind == 'steps' %}
        {% for step in value %}
            {% set kind = 'condition' if name == 'conditions' else 'first step' if loop.first else 'step' %}
            {% do experiment_metrics.check_arguments(step, experiment_metrics.part_arguments(kind), name ~ " " ~ loop.index ~ ": ") %}
        {% endfor %}
    {% elif kind == 'cap' %}
        {% do experiment_metrics.check_arguments(value, experiment_metrics.cap_arguments(), "cap: ") %}
    {% endif %}
{% endmacro %}


{#- A part's value belongs to its type: a sum has one, a count has none. -#}
{% macro check_value(part, place) %}
    {% if not part.type %}{% do experiment_metrics.metric_error(place ~ "'type' is missing.") %}{% endif %}
    {% set needed = experiment_metrics.metric_types()[part.type] %}
    {% for argument in ['value', 'threshold'] %}
        {% if argument in needed and part.get(argument) is none %}
            {% do experiment_metrics.metric_error(place ~ "'" ~ argument ~ "' is missing.") %}
        {% elif argument not in needed and part.get(argument) is not none %}
            {% do experiment_metrics.metric_error(place ~ "'" ~ argument ~ "' is not for the type " ~ part.type ~ ".") %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- Raises an error about the metric whose model is being compiled. -#}
{% macro metric_error(problem) %}
    {{ exceptions.raise_compiler_error("Metric in " ~ model.original_file_path ~ ": " ~ problem) }}
{% endmacro %}
