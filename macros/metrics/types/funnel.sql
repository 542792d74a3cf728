{#- Steps in order: this, then that. A row reaches a step if it passes the step's filter and a row
    before it reached the step before, not too long ago. Each step is an observation over all units;
    each step to the next is a ratio. -#}
{% macro metric_type__funnel() %}
    {%- set first_step = {'name': 'required text'} -%}
    {{- return({
        'unit': 'share',
        'arguments': {'steps': 'required steps'},
        'parts': ['steps'],
        'step_arguments': {
            'first': first_step,
            'others': dict(first_step, within_hours='positive hours'),
        },
        'check': experiment_metrics.check_funnel,
        'facts': experiment_metrics.funnel_facts,
        'metrics': experiment_metrics.funnel_metrics,
        'observe': experiment_metrics.observe_funnel,
    }) -}}
{% endmacro %}


{#- No two steps, nor two metrics, have one name, as a step called `a to b` would have after steps a
    and b. -#}
{% macro check_funnel(arguments) %}
    {% set names = arguments.steps | map(attribute='name') | list %}
    {% if names | unique(case_sensitive=true) | list | length < names | length %}
        {% do experiment_metrics.metric_error("each step needs a 'name' of its own.") %}
    {% endif %}
    {% set seen = [] %}
    {% for metric in experiment_metrics.funnel_metrics(arguments) %}
        {% if metric.name in seen %}
            {% do experiment_metrics.metric_error(
                "two of its metrics are named '" ~ metric.name ~ "'. Rename a step."
            ) %}
        {% endif %}
        {% do seen.append(metric.name) %}
    {% endfor %}
{% endmacro %}


{#- Each step, and each step to the next. Steps that are none make no metrics: the definition may be
    wrong. -#}
{% macro funnel_metrics(definition) %}
    {%- set steps = definition.get('steps') -%}
    {%- if not (experiment_metrics.is_list(steps) and experiment_metrics.are_definitions(steps)) -%}
        {{- return([definition]) -}}
    {%- endif -%}
    {%- set metrics = [] -%}
    {%- for step in steps -%}
        {%- set name = experiment_metrics.funnel_step_name(definition, loop.index) -%}
        {%- do metrics.append(dict(definition, name=name, is_ratio=false, where=step.where)) -%}
        {%- if not loop.first -%}
            {%- set name = experiment_metrics.funnel_rate_name(definition, loop.index) -%}
            {%- do metrics.append(dict(definition, name=name, is_ratio=true, where=step.where)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(metrics) -}}
{% endmacro %}


{% macro funnel_facts(metric) %}
    {{- return({'is_ratio': metric.is_ratio}) -}}
{% endmacro %}


{% macro observe_funnel(metric, span) -%}
{%- set steps, keys = metric.steps, experiment_metrics.unit_keys(metric) -%}
with

step_rows as (
    {{ experiment_metrics.funnel_rows(metric, span) | trim | indent(4) }}
),

-- Rows of one instant are taken in the order of the first step that they pass, then of the last.
placed_rows as (
    select
        step_rows.*,
        row_number() over (
            partition by experiment_id, unit_id
            order by
                {{ experiment_metrics.funnel_order(steps | length) | join(',\n                ') }}
        ) as place
    from step_rows
),

{% for step in steps -%}
{%- set k, before = loop.index, loop.index - 1 -%}
step_{{ k }} as (
    {%- if loop.first %}
    select
        placed_rows.*,
        is_step_1 as reached_1
    from placed_rows
    {%- else %}
    select
        after_step_{{ before }}.*,
        case
            when is_step_{{ k }} = 1 and
                {%- if step.within_hours %} occurred_at <= {{
                    experiment_metrics.add_hours('reached_' ~ before ~ '_at', step.within_hours)
                }} {%- else %} reached_{{ before }}_at is not null {%- endif %} then 1
            else 0
        end as reached_{{ k }}
    from after_step_{{ before }}
    {%- endif %}
),

{% if not loop.last -%}
-- The last time at which a row before this one reached step {{ k }}.
after_step_{{ k }} as (
    select
        step_{{ k }}.*,
        max(case when reached_{{ k }} = 1 then occurred_at end) over (
            partition by experiment_id, unit_id
            order by place
            rows between unbounded preceding and 1 preceding
        ) as reached_{{ k }}_at
    from step_{{ k }}
),

{% endif -%}
{% endfor -%}

days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date
        {%- for step in steps %},
        max(reached_{{ loop.index }}) as day_reached_{{ loop.index }}
        {%- endfor %}
    from step_{{ steps | length }}
    group by {{ keys | join(', ') }}, observed_date
),

reached as (
    select
        {{ keys | join(',\n        ') }},
        observed_date
        {%- for step in steps %},
        max(day_reached_{{ loop.index }}) over history as reached_{{ loop.index }}
        {%- endfor %}
    from days
    {{ experiment_metrics.history_window(metric) }}
),

observed as (
    {%- for step in steps %}
    select
        {{- experiment_metrics.observation_columns(
            dict(metric, name=experiment_metrics.funnel_step_name(metric, loop.index)),
            'reached_' ~ loop.index
        ) }}
    from reached
    {%- if not loop.first %}
    union all
    select
        {{- experiment_metrics.observation_columns(
            dict(metric, name=experiment_metrics.funnel_rate_name(metric, loop.index)),
            'reached_' ~ loop.index,
            'reached_' ~ (loop.index - 1)
        ) }}
    from reached
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- endmacro %}


{#- The rows of a funnel, one per row of each source, with a mark for each step that it passes. -#}
{% macro funnel_rows(metric, span) %}
    {%- set sources = {} -%}
    {%- for step in metric.steps -%}
        {%- set source = step.source or metric.source -%}
        {%- do sources.update({source | string: source}) -%}
    {%- endfor -%}
    {%- set selects = [] -%}
    {%- for source_name, source in sources.items() -%}
        {%- set marks = {} -%}
        {%- set filters = [] -%}
        {%- for step in metric.steps -%}
            {%- set is_from_source = (step.source or metric.source) | string == source_name -%}
            {%- set mark = 'case when ' ~ (step.where or 'true') ~ ' then 1 else 0 end' -%}
            {%- do marks.update({'is_step_' ~ loop.index: mark if is_from_source else '0'}) -%}
            {%- if is_from_source -%}{%- do filters.append(step.where or 'true') -%}{%- endif -%}
        {%- endfor -%}
        {%- set passes_any = '(' ~ filters | join(') or (') ~ ')' -%}
        {%- do selects.append(experiment_metrics.metric_rows(
            metric, span, marks, {'source': source, 'where': passes_any}
        )) -%}
    {%- endfor %}
{{ selects | join('\nunion all\n') }}
{% endmacro %}


{% macro funnel_step_name(metric, number) %}
    {{- return(metric.name ~ ': ' ~ metric.steps[number - 1].name) -}}
{% endmacro %}


{% macro funnel_rate_name(metric, number) %}
    {%- set steps = metric.steps -%}
    {{- return(
        metric.name ~ ': ' ~ steps[number - 2].name ~ ' to ' ~ steps[number - 1].name
    ) -}}
{% endmacro %}


{#- The order of a unit's rows: by time; at one instant by the first and the last step that a row
    passes, then by all of them, so that rows with one place are alike. -#}
{% macro funnel_order(step_count) %}
    {%- set marks = [] -%}
    {%- for number in range(1, step_count + 1) -%}
        {%- do marks.append('is_step_' ~ number) -%}
    {%- endfor -%}
    {%- set passed = [] -%}
    {%- for mark in marks -%}
        {%- do passed.append('when ' ~ mark ~ ' = 1 then ' ~ loop.index) -%}
    {%- endfor -%}
    {{- return([
        'occurred_at',
        'case ' ~ passed | join(' ') ~ ' end',
        'case ' ~ passed | reverse | join(' ') ~ ' end',
    ] + marks) -}}
{% endmacro %}
