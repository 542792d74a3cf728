{#- What one argument demands of the others. -#}
{% macro check_needs(arguments) %}
    {% set type = arguments.type %}
    {% if type == 'ratio' %}
        {% for part in ['numerator', 'denominator'] if not (arguments[part].source or arguments.source) %}
            {% do experiment_metrics.metric_error(part ~ ": 'source' is missing.") %}
        {% endfor %}
    {% elif type in ['all_of', 'any_of', 'funnel'] %}
        {% set parts = arguments.steps or arguments.conditions %}
        {% if not arguments.source and parts | rejectattr('source') | list %}
            {% do experiment_metrics.metric_error("'source' is missing, for the metric or for each of its parts.") %}
        {% endif %}
        {% if type == 'funnel' and (parts | rejectattr('name') | list
            or parts | map(attribute='name') | unique(case_sensitive=true) | list | length < parts | length) %}
            {% do experiment_metrics.metric_error("each step needs a 'name' of its own.") %}
        {% endif %}
        {% do experiment_metrics.check_names(experiment_metrics.metrics_of(arguments)) %}
    {% elif not arguments.source %}
        {% do experiment_metrics.metric_error("'source' is missing. Give a relation, such as ref('experiment_events').") %}
    {% endif %}
    {% if arguments.get('window_hours') is not none and arguments.get('window_days') is not none %}
        {% do experiment_metrics.metric_error("give 'window_hours' or 'window_days', not both.") %}
    {% endif %}
    {% if type == 'unit_count' and not arguments.rollup %}
        {% do experiment_metrics.metric_error("'rollup' is missing: one of " ~ experiment_metrics.metric_types().unit_count.rollup | join(', ') ~ ".") %}
    {% endif %}
    {% do experiment_metrics.check_quantile(arguments) %}
    {% do experiment_metrics.check_options(arguments) %}
    {% for day in ['start_day', 'end_day'] if type == 'unit_count' %}
        {% if arguments.rollup == 'window' and arguments.get(day) is none %}
            {% do experiment_metrics.metric_error("the rollup window needs '" ~ day ~ "'.") %}
        {% elif arguments.rollup != 'window' and arguments.get(day) is not none %}
            {% do experiment_metrics.metric_error("'" ~ day ~ "' is for the rollup window only.") %}
        {% endif %}
    {% endfor %}
    {% for pair in [['start_day', 'end_day'], ['from_day', 'to_day']] %}
        {% if arguments[pair[0]] is number and arguments[pair[1]] is number
            and arguments[pair[0]] > arguments[pair[1]] %}
            {% do experiment_metrics.metric_error("'" ~ pair[0] ~ "' is after '" ~ pair[1] ~ "'.") %}
        {% endif %}
    {% endfor %}
    {% set span = experiment_metrics.metric_span(arguments) %}
    {% if arguments.mature_only and not span.can_mature %}
        {% do experiment_metrics.metric_error("'mature_only' needs a window with an end.") %}
    {% endif %}
    {% for hours, what in {
        'end_hours': 'window', 'start_hours': 'delay', 'lookback_hours': 'time of the covariate'
    }.items() if (span[hours] or 0) > experiment_metrics.longest_hours() %}
        {% do experiment_metrics.metric_error(
            "the " ~ what ~ " is longer than " ~ experiment_metrics.longest_hours() ~ " hours (100 years)."
        ) %}
    {% endfor %}
    {% if span.end_hours is not none and span.start_hours > span.end_hours %}
        {% do experiment_metrics.metric_error("the delay is longer than the window.") %}
    {% endif %}
{% endmacro %}


{#- Raises where two metrics of a file have one name, as a step called `a to b` has after steps a and b. -#}
{% macro check_names(metrics) %}
    {% set seen = [] %}
    {% for metric in metrics %}
        {% if metric.name in seen %}
            {% do experiment_metrics.metric_error("two of its metrics are named '" ~ metric.name ~ "'. Rename a step.") %}
        {% endif %}
        {% do seen.append(metric.name) %}
    {% endfor %}
{% endmacro %}


{#- A quantile says of what; a unit's value needs an expression unless it is a count. -#}
{% macro check_quantile(arguments) %}
    {% if arguments.type == 'quantile' %}
        {% if not arguments.of %}
            {% do experiment_metrics.metric_error("'of' is missing: one of " ~ experiment_metrics.metric_types().quantile.of | join(', ') ~ ".") %}
        {% elif arguments.of == 'events' and arguments.unit_value %}
            {% do experiment_metrics.metric_error("'unit_value' is for a quantile of units.") %}
        {% elif arguments.unit_value != 'count' and not arguments.value %}
            {% do experiment_metrics.metric_error("'value' is missing.") %}
        {% elif arguments.unit_value == 'count' and arguments.value %}
            {% do experiment_metrics.metric_error("'value' is not for a count.") %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#- What the options around a metric demand of each other. -#}
{% macro check_options(arguments) %}
    {% if arguments.cuped_days and not arguments.cuped %}
        {% do experiment_metrics.metric_error("'cuped_days' needs cuped=true.") %}
    {% elif arguments.rollup == 'daily' and arguments.default_value %}
        {% do experiment_metrics.metric_error("'default_value' of the rollup daily must be 0 or none.") %}
    {% elif arguments.type == 'ratio' and arguments.default_value %}
        {% do experiment_metrics.metric_error("'default_value' of a ratio must be 0 or none.") %}
    {% elif arguments.cuped and arguments.rollup in ['daily', 'latest'] %}
        {% do experiment_metrics.metric_error("'cuped' is not for the rollup " ~ arguments.rollup ~ ".") %}
    {% elif arguments.breakdown and not arguments.breakdown_values %}
        {% do experiment_metrics.metric_error("'breakdown' needs 'breakdown_values'.") %}
    {% elif arguments.breakdown_values and not arguments.breakdown %}
        {% do experiment_metrics.metric_error("'breakdown_values' needs 'breakdown'.") %}
    {% elif 'other' in (arguments.breakdown_values or []) %}
        {% do experiment_metrics.metric_error("'breakdown_values' has 'other', which is what the rest is called.") %}
    {% elif arguments.non_inferiority_margin and not arguments.is_guardrail %}
        {% do experiment_metrics.metric_error("'non_inferiority_margin' needs is_guardrail=true.") %}
    {% endif %}
    {% if arguments.cap %}{% do experiment_metrics.check_cap(experiment_metrics.given_ends(arguments.cap)) %}{% endif %}
{% endmacro %}


{#- A cap without what it leaves at none. -#}
{% macro given_ends(cap) %}
    {% set given = {} %}
    {% for name, value in cap.items() if value is not none %}
        {% do given.update({name: value}) %}
    {% endfor %}
    {{ return(given) }}
{% endmacro %}


{% macro check_cap(cap) %}
    {% for end in ['lower', 'upper'] if end in cap and end ~ '_percentile' in cap %}
        {% do experiment_metrics.metric_error("cap: give '" ~ end ~ "' or '" ~ end ~ "_percentile', not both.") %}
    {% endfor %}
    {% for pair in [['lower', 'upper'], ['lower_percentile', 'upper_percentile']]
        if pair[0] in cap and pair[1] in cap and cap[pair[0]] >= cap[pair[1]] %}
        {% do experiment_metrics.metric_error("cap: '" ~ pair[0] ~ "' is not below '" ~ pair[1] ~ "'.") %}
    {% endfor %}
    {% if not cap | reject('equalto', 'over') | list %}
        {% do experiment_metrics.metric_error("cap: give a lower or an upper end.") %}
    {% elif 'over' in cap and not ('lower_percentile' in cap or 'upper_percentile' in cap) %}
        {% do experiment_metrics.metric_error("cap: 'over' needs a percentile.") %}
    {% endif %}
{% endmacro %}
