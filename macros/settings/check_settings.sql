{#- Stops the run where a var holds what it may not, or where one that is given is none. Called on-run-start. -#}
{% macro check_settings() %}
    {% set types = experiment_metrics.setting_types() %}
    {% set checked = experiment_metrics.health_setting_problems() %}
    {% do experiment_metrics.check_var_names((types.keys() | list) + (checked.keys() | list)) %}
    {% set problems = dict(checked) %}
    {% for name, rule in types.items() %}
        {% set problem = experiment_metrics.setting_problem(var(name), rule) %}
        {% do problems.update({name: problem or problems.get(name)}) %}
    {% endfor %}
    {% for name, problem in problems.items() if problem %}
        {{ exceptions.raise_compiler_error("The var '" ~ name ~ "' " ~ problem) }}
    {% endfor %}
{% endmacro %}


{#- Raises where a var has the name of none: under this project's name in dbt_project.yml, and with --vars where it
    resembles one, since it was meant to be that. Any other of --vars is somebody else's, unless this project is the
    only one: then the file has to name it. known: list of text, the vars that there are. -#}
{% macro check_var_names(known) %}
    {% set declared = experiment_metrics.declared_vars() %}
    {% for name in declared.get('experiment_metrics') or {} if name not in known %}
        {{ exceptions.raise_compiler_error(
            "Unknown var '" ~ name ~ "' under experiment_metrics in dbt_project.yml."
            ~ experiment_metrics.suggestion(name, known) ~ " A var of your own models stands outside of it."
        ) }}
    {% endfor %}
    {% for name in experiment_metrics.invocation_vars() if name not in known %}
        {% set is_ours = declared and project_name == 'experiment_metrics' and name not in declared %}
        {% if is_ours or experiment_metrics.meant_setting(name, known) %}
            {{ exceptions.raise_compiler_error(
                "Unknown var '" ~ name ~ "'." ~ experiment_metrics.suggestion(name, known)
                ~ " The vars are listed in dbt_project.yml."
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- The vars that dbt_project.yml of the project that is run declares, as it has them; none where the warehouse
    can't read files. -#}
{% macro declared_vars() %}
    {{ return(adapter.dispatch('declared_vars', 'experiment_metrics')()) }}
{% endmacro %}

{% macro default__declared_vars() %}{{ return({}) }}{% endmacro %}

{% macro duckdb__declared_vars() %}
    {% set folder = (invocation_args_dict.get('project_dir') or '.') | string %}
    {% set file = experiment_metrics.literal_path(folder ~ '/dbt_project.yml') %}
    {% set found = run_query("select content from read_text(" ~ experiment_metrics.string_literal(file) ~ ")") %}
    {% set project = fromyaml(found[0][0], {}) if found else {} %}
    {{ return(project.get('vars') or {}) }}
{% endmacro %}


{#- The names of the vars given with --vars. -#}
{% macro invocation_vars() %}
    {% set given = invocation_args_dict.get('vars') or {} %}
    {{ return((fromyaml(given) if given is string else given).keys() | list) }}
{% endmacro %}


{#- Which setting a var that is none may have been meant for, as a sentence after a blank; empty if nothing is near.
    -#}
{% macro suggestion(name, settings) %}
    {% set meant = experiment_metrics.meant_setting(name, settings) %}
    {% set nearest = experiment_metrics.nearest(name, settings) %}
    {% if not meant and experiment_metrics.likeness(name, nearest) >= 0.6 %}{% set meant = nearest %}{% endif %}
    {{ return(" Did you mean '" ~ meant ~ "'?" if meant else "") }}
{% endmacro %}


{#- The setting that a var which is none was meant to be: what it is called elsewhere, or what is spelt much
    like it; none if there is no such. -#}
{% macro meant_setting(name, settings) %}
    {% set synonyms = {
        'confidence': 'alpha', 'confidence_level': 'alpha', 'significance_level': 'alpha', 'significance': 'alpha',
        'conversion_window': 'attribution_window_hours', 'window_hours': 'attribution_window_hours',
        'window_days': 'attribution_window_hours', 'control': 'baseline_variations', 'baseline': 'baseline_variations',
        'mde': 'target_relative_lift', 'min_sample_size': 'min_units_per_variation', 'now': 'as_of',
        'dimensions': 'segments', 'correction': 'p_value_adjustment', 'exposures': 'exposures_path',
        'events': 'events_path', 'metric_models': 'metrics',
    } %}
    {% if name in synonyms %}{{ return(synonyms[name]) }}{% endif %}
    {% set nearest = experiment_metrics.nearest(name, settings) %}
    {{ return(nearest if experiment_metrics.likeness(name, nearest) >= 0.9 else none) }}
{% endmacro %}


{#- What is wrong with a setting's value, as the end of a sentence; none if nothing is. -#}
{% macro setting_problem(value, rule) %}
    {% set is = "is '" ~ value ~ "', but must be " %}
    {% if rule.type == 'number' %}
        {% if not experiment_metrics.is_number_within(value, rule) %}
            {% set limits = [] %}
            {% for limit in ['above', 'below', 'at_least', 'at_most'] if limit in rule %}
                {% do limits.append(limit | replace("_", " ") ~ " " ~ rule[limit]) %}
            {% endfor %}
            {{ return(is ~ "a number" ~ (" " ~ limits | join(" and ")).rstrip() ~ ".") }}
        {% endif %}
    {% elif rule.type == 'list of text' %}
        {% if value is string or value is mapping or value is not iterable
            or value | reject('string') | list %}
            {{ return(is ~ "a list of texts, such as [\"browser\"].") }}
        {% endif %}
    {% elif rule.type == 'confidence levels' %}
        {% if not experiment_metrics.are_confidence_levels(value) %}
            {{ return(is ~ "a list of different numbers between 0 and 1, such as [0.9, 0.95].") }}
        {% endif %}
    {% elif rule.type == 'segments' %}
        {% if not experiment_metrics.are_segments(value) %}
            {{ return(
                is ~ "a list of different attributes, two of them crossed as in"
                ~ " [\"browser\", \"browser*country\"]."
            ) }}
        {% endif %}
    {% elif rule.type == 'pools' %}
        {% if not experiment_metrics.are_pools(value) %}
            {{ return(
                is ~ "names, each with two variations or more that are in no other pool, such as"
                ~ " {any_message: [\"18818611832\", \"18817551468\"]}."
            ) }}
        {% endif %}
    {% elif rule.type == 'columns' %}
        {% set ours = experiment_metrics.plain_column_names(rule.door) | list %}
        {% if value is not mapping or value.values() | reject('string') | list
            or value.keys() | reject('in', ours) | list %}
            {{ return(
                is ~ "names of columns by what they are, such as {" ~ ours[0] ~ ": account}. They may be: "
                ~ ours | join(", ") ~ "."
            ) }}
        {% endif %}
    {% elif rule.type == 'shares' %}
        {% if not experiment_metrics.are_shares(value) %}
            {{ return(
                is ~ "a share above 0 for each of two variations or more, that of the reference first, which add up"
                ~ " to 1, such as [0.8, 0.2]."
            ) }}
        {% endif %}
    {% elif rule.type == 'currency' %}
        {% if value is not string or (value and value not in experiment_metrics.currencies()) %}
            {{ return(is ~ "the ISO 4217 code of a currency in capitals, such as EUR, or empty.") }}
        {% endif %}
    {% elif rule.type == 'timestamp' %}
        {% if value | string and not experiment_metrics.is_timestamp_text(value | string) %}
            {{ return(is ~ "a UTC time such as 2020-09-16 or 2020-09-16 12:00:00, or empty.") }}
        {% endif %}
    {% elif rule.type == 'boolean' and value is not boolean %}
        {{ return(is ~ "true or false.") }}
    {% elif rule.type == 'text' and value is not string %}
        {{ return(is ~ "a text.") }}
    {% elif rule.one_of and value not in rule.one_of %}
        {{ return(is ~ "one of: " ~ rule.one_of | join(", ") ~ ".") }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}


{#- Whether a value is a finite number within the limits of its rule, if it has them. -#}
{% macro is_number_within(value, rule) %}
    {% if value is not number or value is boolean or value - value != 0 %}
        {{ return(false) }}
    {% endif %}
    {{ return(
        ('above' not in rule or value > rule.above) and ('below' not in rule or value < rule.below)
        and ('at_least' not in rule or value >= rule.at_least)
        and ('at_most' not in rule or value <= rule.at_most)
    ) }}
{% endmacro %}


{#- Whether a value is a list of numbers between 0 and 1, at least one and none of them twice. -#}
{% macro are_confidence_levels(value) %}
    {% set limits = {'above': 0, 'below': 1} %}
    {% if value is string or value is mapping or value is not iterable %}{{ return(false) }}{% endif %}
    {% for level in value if not experiment_metrics.is_number_within(level, limits) %}
        {{ return(false) }}
    {% endfor %}
    {{ return((value | length) > 0 and value | unique | list | length == value | length) }}
{% endmacro %}


{#- Whether a value is a list of at least two shares, each above 0, that add up to 1. -#}
{% macro are_shares(value) %}
    {% if value is string or value is mapping or value is not iterable %}{{ return(false) }}{% endif %}
    {% for share in value if not experiment_metrics.is_number_within(share, {'above': 0, 'below': 1}) %}
        {{ return(false) }}
    {% endfor %}
    {{ return((value | length) > 1 and (value | sum - 1) | abs < 1e-9) }}
{% endmacro %}


{#- Whether a value is a list of attributes, or of attributes crossed, of which none is empty and no segment
    is there twice. -#}
{% macro are_segments(value) %}
    {% set segments = [] %}
    {% if value is string or value is mapping or value is not iterable %}{{ return(false) }}{% endif %}
    {% for segment in value %}
        {% set names = (segment | string).split('*') | map('trim') | list %}
        {% if segment is not string or '' in names or names in segments %}{{ return(false) }}{% endif %}
        {% do segments.append(names) %}
    {% endfor %}
    {{ return(true) }}
{% endmacro %}


{#- Whether a value has, by the name of each pool, at least two ids of variations, each id once. -#}
{% macro are_pools(value) %}
    {% set pooled = [] %}
    {% if value is not mapping %}{{ return(false) }}{% endif %}
    {% for name, ids in value.items() %}
        {% if name is not string or not name.strip() or ids is string or ids is mapping
            or ids is not iterable or ids | reject('string') | list or ids | length < 2
            or not ids | map('trim') | min %}
            {{ return(false) }}
        {% endif %}
        {% do pooled.extend(ids) %}
    {% endfor %}
    {{ return(pooled | unique(case_sensitive=true) | list | length == pooled | length) }}
{% endmacro %}


{#- Whether a text reads as a date or a date and time, of a day that the calendar has. -#}
{% macro is_timestamp_text(text) %}
    {% set date = '(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])' %}
    {% set time = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?' %}
    {% set read = modules.re.fullmatch(date ~ '([ T]' ~ time ~ ')?', text) %}
    {% if read is none or read[1] == '0000' %}{{ return(false) }}{% endif %}
    {% set month, day = read[2] | int, read[3] | int %}
    {% set first_day = modules.datetime.date(read[1] | int, month, 1) %}
    {{ return((first_day + modules.datetime.timedelta(days=day - 1)).month == month) }}
{% endmacro %}


{#- The candidate most like a name, for "did you mean". -#}
{% macro nearest(name, candidates) %}
    {% set best = namespace(name='', likeness=-9) %}
    {% for candidate in candidates %}
        {% set likeness = experiment_metrics.likeness(name, candidate) %}
        {% if likeness > best.likeness %}
            {% set best.name = candidate %}{% set best.likeness = likeness %}
        {% endif %}
    {% endfor %}
    {{ return(best.name) }}
{% endmacro %}


{#- How much two names are alike: by shared pairs of letters, then by shared letters and length. About 1.5 for
    the same name, 1 for a likely slip. -#}
{% macro likeness(name, candidate) %}
    {% set pairs = namespace(count=0) %}
    {% for i in range(name | length - 1) if name[i:i + 2] in candidate %}
        {% set pairs.count = pairs.count + 1 %}
    {% endfor %}
    {% set letters = name | list | select('in', candidate) | list | length %}
    {% set distance = ((name | length) - (candidate | length)) | abs %}
    {{ return((2 * pairs.count + letters - distance) / ((name | length) + (candidate | length))) }}
{% endmacro %}
