{#- A metric has a source, or each of its parts has one. parts: list of text, the arguments that are
    parts. -#}
{% macro check_sources(arguments, parts) %}
    {% for name in (parts or []) if not arguments.source %}
        {% set value = arguments[name] %}
        {% if value is mapping and not value.source %}
            {% do experiment_metrics.metric_error(name ~ ": 'source' is missing.") %}
        {% elif value is not mapping and value | rejectattr('source') | list %}
            {% do experiment_metrics.metric_error(
                "'source' is missing, for the metric or for each of its parts."
            ) %}
        {% endif %}
    {% endfor %}
    {% if not parts and not arguments.source %}
        {% do experiment_metrics.metric_error(
            "'source' is missing. Give a relation, such as ref('experiment_events')."
        ) %}
    {% endif %}
{% endmacro %}


{#- What the arguments of every metric demand of each other. -#}
{% macro check_options(arguments) %}
    {% do experiment_metrics.check_window_and_cap(arguments) %}
    {% if arguments.cuped_days and not arguments.cuped %}
        {% do experiment_metrics.metric_error("'cuped_days' needs cuped=true.") %}
    {% elif arguments.breakdown and not arguments.breakdown_values %}
        {% do experiment_metrics.metric_error("'breakdown' needs 'breakdown_values'.") %}
    {% elif arguments.breakdown_values and not arguments.breakdown %}
        {% do experiment_metrics.metric_error("'breakdown_values' needs 'breakdown'.") %}
    {% elif 'other' in (arguments.breakdown_values or []) %}
        {% do experiment_metrics.metric_error(
            "'breakdown_values' has 'other', which is what the rest is called."
        ) %}
    {% elif arguments.non_inferiority_margin and not arguments.is_guardrail %}
        {% do experiment_metrics.metric_error(
            "'non_inferiority_margin' needs is_guardrail=true."
        ) %}
    {% endif %}
{% endmacro %}


{#- A metric, or a part of it, has one window and a cap that is one. place: text, where the arguments
    stand, for the message. -#}
{% macro check_window_and_cap(arguments, place="") %}
    {% if arguments.get('window_hours') is not none and arguments.get('window_days') is not none %}
        {% do experiment_metrics.metric_error(
            place ~ "give 'window_hours' or 'window_days', not both."
        ) %}
    {% endif %}
    {% if arguments.cap %}
        {% do experiment_metrics.check_cap(
            experiment_metrics.given_ends(arguments.cap), place ~ "cap: "
        ) %}
    {% endif %}
{% endmacro %}


{#- A cap without what it leaves at none. -#}
{% macro given_ends(cap) %}
    {% set given = {} %}
    {% for name, value in cap.items() if value is not none %}
        {% do given.update({name: value}) %}
    {% endfor %}
    {{ return(given) }}
{% endmacro %}


{% macro check_cap(cap, place) %}
    {% for end in ['lower', 'upper'] if end in cap and end ~ '_percentile' in cap %}
        {% do experiment_metrics.metric_error(
            place ~ "give '" ~ end ~ "' or '" ~ end ~ "_percentile', not both."
        ) %}
    {% endfor %}
    {% for pair in [['lower', 'upper'], ['lower_percentile', 'upper_percentile']]
        if pair[0] in cap and pair[1] in cap and cap[pair[0]] >= cap[pair[1]] %}
        {% do experiment_metrics.metric_error(
            place ~ "'" ~ pair[0] ~ "' is not below '" ~ pair[1] ~ "'."
        ) %}
    {% endfor %}
    {% if not cap | reject('equalto', 'over') | list %}
        {% do experiment_metrics.metric_error(place ~ "give a lower or an upper end.") %}
    {% elif 'over' in cap and not ('lower_percentile' in cap or 'upper_percentile' in cap) %}
        {% do experiment_metrics.metric_error(place ~ "'over' needs a percentile.") %}
    {% endif %}
{% endmacro %}


{#- Days from one to another are in that order. from_day, to_day: text, the arguments' names. -#}
{% macro check_day_order(arguments, from_day, to_day) %}
    {% set first, last = arguments.get(from_day), arguments.get(to_day) %}
    {% if first is number and last is number and first > last %}
        {% do experiment_metrics.metric_error("'" ~ from_day ~ "' is after '" ~ to_day ~ "'.") %}
    {% endif %}
{% endmacro %}


{#- The span of a metric, or of a part, ends after it begins, is not endless, and ends at all where
    units must mature. place: text, where the arguments stand, for the message. -#}
{% macro check_span(arguments, place="") %}
    {% set span = experiment_metrics.metric_span(arguments) %}
    {% if arguments.mature_only and not span.can_mature %}
        {% do experiment_metrics.metric_error(
            place ~ "'mature_only' needs a window with an end."
        ) %}
    {% endif %}
    {% for hours, what in {
        'end_hours': 'window', 'start_hours': 'delay', 'lookback_hours': 'time of the covariate'
    }.items() if (span[hours] or 0) > experiment_metrics.longest_hours() %}
        {% do experiment_metrics.metric_error(
            place ~ "the " ~ what ~ " is longer than " ~ experiment_metrics.longest_hours()
            ~ " hours (100 years)."
        ) %}
    {% endfor %}
    {% if span.end_hours is not none and span.start_hours > span.end_hours %}
        {% do experiment_metrics.metric_error(place ~ "the delay is longer than the window.") %}
    {% elif span.end_hours is not none and span.start_hours == span.end_hours %}
        {% do experiment_metrics.metric_error(
            place ~ "the delay is as long as the window, which leaves no time in which rows count."
        ) %}
    {% endif %}
{% endmacro %}
