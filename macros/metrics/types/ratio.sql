{#- A numerator and a denominator per unit, each an aggregate of rows of its own, within a window of
    its own if it says so. A unit has a row if it has either; what it lacks is 0. -#}
{% macro metric_type__ratio() %}
    {{- return({
        'arguments': {
            'numerator': 'required part',
            'denominator': 'required part',
            'zero_denominator': ['keep', 'drop'],
        },
        'parts': ['numerator', 'denominator'],
        'allows': ['cuped', 'cap'],
        'check': experiment_metrics.check_ratio,
        'facts': experiment_metrics.ratio_facts,
        'observe': experiment_metrics.observe_ratio,
    }) -}}
{% endmacro %}


{% macro check_ratio(arguments) %}
    {% if arguments.default_value %}
        {% do experiment_metrics.metric_error("'default_value' of a ratio must be 0 or none.") %}
    {% endif %}
    {% for name in ['numerator', 'denominator'] %}
        {% set place, part = name ~ ": ", arguments[name] %}
        {% do experiment_metrics.check_window_and_cap(part, place) %}
        {% if experiment_metrics.gives_one_of(part, experiment_metrics.window_arguments()) %}
            {% do experiment_metrics.check_span(
                experiment_metrics.ratio_part(arguments, name), place
            ) %}
        {% endif %}
    {% endfor %}
    {% do experiment_metrics.check_use_by_parts(arguments) %}
    {% for end in ['lower', 'upper'] if (arguments.cap or {}).get(end) is not none %}
        {% do experiment_metrics.metric_error(
            "cap: '" ~ end ~ "' is one value for a numerator and a denominator. Give a percentile, or a"
            ~ " cap to each part, as in numerator={…, 'cap': {'" ~ end ~ "': …}}."
        ) %}
    {% endfor %}
{% endmacro %}


{#- What a ratio says for parts that say nothing of it is used by one of them. -#}
{% macro check_use_by_parts(arguments) %}
    {% set parts = [arguments.numerator, arguments.denominator] %}
    {% for names in [['window_hours', 'window_days'], ['delay_hours'], ['cap']] %}
        {% set using = [] %}
        {% for part in parts if not experiment_metrics.gives_one_of(part, names)
            and (names != ['cap'] or experiment_metrics.takes_cap(part)) %}
            {% do using.append(part) %}
        {% endfor %}
        {% for name in names if arguments.get(name) is not none and not using %}
            {% do experiment_metrics.metric_error(
                "'" ~ name ~ "' is used by neither part: each "
                ~ ("has its own, or is 0 or 1." if name == 'cap' else "has its own.")
            ) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}


{#- A part of a ratio as a metric of its own: what it doesn't say of its rows, window and cap is as
    the ratio says. name: text, numerator or denominator. -#}
{% macro ratio_part(metric, name) %}
    {%- set part = dict(metric[name]) -%}
    {%- for names in [['source'], ['window_hours', 'window_days'], ['delay_hours'], ['cap']] -%}
        {%- if not experiment_metrics.gives_one_of(part, names) -%}
            {%- for name in names -%}{%- do part.update({name: metric.get(name)}) -%}{%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in ['cuped', 'cuped_days', 'mature_only'] -%}
        {%- do part.update({name: metric.get(name)}) -%}
    {%- endfor -%}
    {{- return(part if experiment_metrics.takes_cap(part) else dict(part, cap=none)) -}}
{% endmacro %}


{#- Whether a definition gives one of several arguments. -#}
{% macro gives_one_of(definition, names) %}
    {%- set given = [] -%}
    {%- for name in names if definition.get(name) is not none -%}{%- do given.append(name) -%}{%- endfor -%}
    {{- return(given != []) -}}
{% endmacro %}


{#- Whether a part may be limited: one that is 0 or 1 may not. -#}
{% macro takes_cap(part) %}
    {{- return('cap' in experiment_metrics.metric_types()[part.type].allows) -}}
{% endmacro %}


{#- The windows and caps of the observation are the numerator's. A unit is mature when both parts are. -#}
{% macro ratio_facts(metric) %}
    {%- set numerator = experiment_metrics.ratio_part(metric, 'numerator') -%}
    {%- set denominator = experiment_metrics.ratio_part(metric, 'denominator') -%}
    {%- set spans = [
        experiment_metrics.metric_span(numerator), experiment_metrics.metric_span(denominator)
    ] -%}
    {%- set ends = spans | map(attribute='matures_hours') | select('number') | list -%}
    {%- set facts = {
        'is_ratio': true,
        'drops_zero_denominator': metric.zero_denominator == 'drop',
        'delay_hours': spans[0].start_hours,
        'window_hours': spans[0].end_hours,
        'has_window_end': spans[0].has_end,
        'denominator_delay_hours': spans[1].start_hours,
        'denominator_window_hours': spans[1].end_hours,
        'has_denominator_window_end': spans[1].has_end,
        'matures_after_hours': ends | max if ends else none,
        'has_experiment_window': spans | selectattr('has_end') | selectattr('matures_hours', 'none')
            | list != [],
        'can_mature': spans[0].can_mature and spans[1].can_mature,
        'has_cap': (numerator.cap or denominator.cap) is not none,
    } -%}
    {%- do facts.update(experiment_metrics.cap_facts(numerator.cap)) -%}
    {%- do facts.update(experiment_metrics.cap_facts(denominator.cap, 'denominator_')) -%}
    {{- return(facts) -}}
{% endmacro %}


{% macro observe_ratio(metric, span) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
with

{% for name in ['numerator', 'denominator'] -%}
{%- set part = experiment_metrics.ratio_part(metric, name) -%}
{%- set columns = {'row_value': part.value} if part.value else {} -%}
{{ name }}_rows as (
    {{ experiment_metrics.metric_rows(
        metric, experiment_metrics.metric_span(part), columns, part
    ) | indent(4) }}
),

{{ experiment_metrics.part_changes(metric, part, name) }}

{% endfor -%}

days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        sum(numerator) as day_numerator,
        sum(denominator) as day_denominator
    from (
        select
            {{ keys | join(',\n            ') }},
            observed_date,
            numerator,
            0 as denominator
        from numerators
        union all
        select
            {{ keys | join(',\n            ') }},
            observed_date,
            0 as numerator,
            denominator
        from denominators
    ) as parts
    group by {{ keys | join(', ') }}, observed_date
),

observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric,
            'sum(day_numerator) over history',
            'sum(day_denominator) over history'
        ) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endmacro %}


{#- CTEs that end in numerators or denominators: by how much each day changes the part. Where that
    is not what the day comes to, it is the difference to the day before. -#}
{% macro part_changes(metric, part, name) %}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
{%- set aggregate = experiment_metrics.metric_types()[part.type].aggregate -%}
{%- if aggregate.once -%}
{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        min(observed_date) as observed_date,
        {{ aggregate.once }} as {{ name }}
    from {{ name }}_rows
    group by {{ keys | join(', ') }}
),
{%- elif aggregate.adds_up -%}
{{ experiment_metrics.aggregated_days(
    metric, aggregate, name ~ '_rows', name ~ '_first_seen', name ~ 's', name
) }}
{%- else -%}
{{ experiment_metrics.aggregated_days(
    metric, aggregate, name ~ '_rows', name ~ '_first_seen', name ~ '_days'
) }}

{{ name }}_history as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        {{ experiment_metrics.so_far(part, aggregate) }} as is_reached
    from {{ name }}_days
    {{ experiment_metrics.history_window(metric) }}
),

{{ name }}s as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        is_reached - lag(is_reached, 1, 0) over history as {{ name }}
    from {{ name }}_history
    {{ experiment_metrics.history_window(metric) }}
),
{%- endif -%}
{% endmacro %}
