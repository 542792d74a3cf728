{#- _health__macros.yml describes it. Every experiment has a row; one without a finding has no value, and
    says why. -#}
{% macro health_check(
    name, title, looks_at, threshold, found, remedy, missing, threshold_rule=none, settings={},
    fail='false', warn='false', missing_status='ok', missing_reason=none, by_segment=false
) %}
{%- do experiment_metrics.record_health_check({
    'name': name, 'title': title, 'looks_at': looks_at, 'threshold': threshold, 'found': found,
    'remedy': remedy, 'missing': missing, 'threshold_rule': threshold_rule, 'settings': settings,
    'fail': fail, 'warn': warn, 'missing_status': missing_status, 'by_segment': by_segment,
}) -%}
{%- set limit = var(threshold) if threshold_rule else threshold -%}
{%- set double = experiment_metrics.type_double() -%}
measured as (
    select
        findings.*,
        cast(check_value as {{ double }}) as value,
        cast({{ limit }} as {{ double }}) as threshold
    from findings
    where check_value is not null
),

judged as (
    select
        experiment_id,
        {{ 'segment_name' if by_segment else "'(all)' as segment_name" }},
        {{ 'segment_value' if by_segment else "'(all)' as segment_value" }},
        case
            when {{ fail }} then 'fail'
            when {{ warn }} then 'warn'
            else 'ok'
        end as status,
        value,
        threshold,
        {{ experiment_metrics.sentence(found) }} as finding,
        {{ experiment_metrics.sentence(remedy) }} as remedy
    from measured
),

stated as (
    select
        experiments.experiment_id,
        experiments.experiment_name,
        coalesce(judged.segment_name, '(all)') as segment_name,
        coalesce(judged.segment_value, '(all)') as segment_value,
        coalesce(judged.status, {{ experiment_metrics.string_literal(missing_status) }}) as status,
        judged.value,
        {{ 'judged.threshold' if limit is string else 'cast(' ~ limit ~ ' as ' ~ double ~ ')' }}
            as threshold,
        case
            when judged.status is null
                then
                    {% if missing_reason -%}
                    coalesce(findings.{{ missing_reason }}, {{ experiment_metrics.sentence(missing) }})
                    {%- else -%}
                    {{ experiment_metrics.sentence(missing) }}
                    {%- endif %}
            else judged.finding
        end as finding,
        case when judged.status <> 'ok' then judged.remedy end as advice
    from {{ ref('experiment_metrics', 'dim_experiments') }} as experiments
    left join judged on experiments.experiment_id = judged.experiment_id
    {%- if missing_reason %}
    left join findings
        on experiments.experiment_id = findings.experiment_id and findings.check_value is null
    {%- endif %}
),

checked as (
    select
        experiment_id,
        experiment_name,
        {{ experiment_metrics.string_literal(name) }} as check_name,
        {{ experiment_metrics.string_literal(title) }} as title,
        segment_name,
        segment_value,
        status,
        value,
        threshold,
        finding,
        advice,
        finding || coalesce(' ' || advice, '') as message
    from stated
)
{%- endmacro %}


{#- Records a check's definition as its model's meta, with what is wrong with the settings that it uses, by
    their names: vars are looked up here, as the project has them that the check is in.
    definition: dict, the arguments of health_check. -#}
{% macro record_health_check(definition) %}
    {%- do experiment_metrics.refuse_health_check(definition) -%}
    {%- set settings = dict(definition.settings) -%}
    {%- if definition.threshold_rule -%}
        {%- do settings.update({definition.threshold: definition.threshold_rule}) -%}
    {%- endif -%}
    {%- set problems = {} -%}
    {%- for setting, rule in settings.items() -%}
        {%- do problems.update({
            setting: experiment_metrics.setting_problem(
                var(setting), experiment_metrics.setting_rules()[rule]
            )
        }) -%}
    {%- endfor -%}
    {%- set recorded = dict(definition, setting_problems=problems) -%}
    {%- for text in ['found', 'remedy', 'missing', 'fail', 'warn'] -%}
        {%- do recorded.update({text: definition[text].split() | join(' ')}) -%}
    {%- endfor -%}
    {{- config(meta={'health_check': recorded}) -}}
{% endmacro %}


{#- Stops where the arguments of a check make none. definition: dict, the arguments. -#}
{% macro refuse_health_check(definition) %}
    {%- set wrong = [] -%}
    {%- for argument in ['name', 'title', 'looks_at', 'found', 'remedy', 'missing', 'fail', 'warn'] -%}
        {%- if not (definition[argument] is string and definition[argument].strip()) -%}
            {%- do wrong.append(argument ~ " must be a text.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not (definition.threshold is number or definition.threshold is string) -%}
        {%- do wrong.append("threshold must be a number, the name of a var, or a column of findings.") -%}
    {%- endif -%}
    {%- if definition.threshold_rule and definition.threshold is not string -%}
        {%- do wrong.append("threshold_rule is of a var: threshold must be its name.") -%}
    {%- endif -%}
    {%- if definition.fail == 'false' and definition.warn == 'false' -%}
        {%- do wrong.append("it needs fail or warn, the condition on which it does.") -%}
    {%- endif -%}
    {%- if definition.missing_status not in ['ok', 'warn', 'fail'] -%}
        {%- do wrong.append("missing_status must be ok, warn or fail.") -%}
    {%- endif -%}
    {%- set rules = experiment_metrics.setting_rules() -%}
    {%- for rule in [definition.threshold_rule] + definition.settings.values() | list
        if rule and rule not in rules -%}
        {%- do wrong.append(
            "'" ~ rule ~ "' is no rule of a setting, which are: " ~ rules | join(', ') ~ "."
        ) -%}
    {%- endfor -%}
    {%- if wrong -%}
        {{- exceptions.raise_compiler_error(
            "The health check in " ~ model.original_file_path ~ " is wrong: " ~ wrong | first
        ) -}}
    {%- endif -%}
{% endmacro %}
