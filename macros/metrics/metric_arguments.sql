{#- The arguments of every metric, whatever its type, and of what kind each is. -#}
{% macro common_metric_arguments() %}
    {{- return({
        'name': 'required text',
        'type': 'required text',
        'source': 'source',
        'where': 'sql',
        'window_hours': 'window',
        'window_days': 'window',
        'delay_hours': 'hours',
        'default_value': 'number',
        'mature_only': [true, false],
        'cap': 'cap',
        'cuped': [true, false],
        'cuped_days': 'positive number',
        'breakdown': 'sql',
        'breakdown_values': 'names',
        'direction': ['increase', 'decrease'],
        'is_guardrail': [true, false],
        'non_inferiority_margin': 'fraction',
        'unit': experiment_metrics.metric_units(),
        'owner': 'text',
        'tags': 'texts',
        'description': 'text',
    }) -}}
{% endmacro %}


{#- Those of them that say when rows count. -#}
{% macro window_arguments() %}
    {{- return(['window_hours', 'window_days', 'delay_hours']) -}}
{% endmacro %}


{#- Common arguments that mean nothing for a type, each with the types that it is for, where it is
    an option of some: parts have a filter of their own, and a window of a type's own is not given
    in hours. -#}
{% macro arguments_without_use(type) %}
    {%- set unused = {} -%}
    {%- if type.parts -%}
        {%- do unused.update({'where': []}) -%}
    {%- endif -%}
    {%- if type.window -%}
        {%- for name in experiment_metrics.window_arguments() -%}
            {%- do unused.update({name: []}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for option, names in {
        'breakdown': ['breakdown', 'breakdown_values'],
        'cuped': ['cuped', 'cuped_days'],
        'cap': ['cap'],
    }.items() if option not in type.get('allows', []) -%}
        {%- for name in names -%}
            {%- do unused.update({name: experiment_metrics.types_that('allows', option)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(unused) -}}
{% endmacro %}


{#- The arguments of a part that is a metric in itself, such as a ratio's numerator: its type, its
    window and cap, and what the types that serve as parts take. Which of these its own type takes is
    checked by check_part. -#}
{% macro part_arguments() %}
    {%- set allowed = {'source': 'source', 'where': 'sql', 'type': 'type of a part'} -%}
    {%- for name in experiment_metrics.window_arguments() + ['cap'] -%}
        {%- do allowed.update({name: experiment_metrics.common_metric_arguments()[name]}) -%}
    {%- endfor -%}
    {%- for type in experiment_metrics.types_that('serves_as', 'part') -%}
        {%- for name, kind in experiment_metrics.own_arguments(type).items() -%}
            {%- do allowed.update({name: experiment_metrics.bare_kind(kind)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(allowed) -}}
{% endmacro %}


{#- The arguments that a type has beside the common ones. type: text, its name. -#}
{% macro own_arguments(type) %}
    {{- return(experiment_metrics.metric_types()[type].get('arguments', {})) -}}
{% endmacro %}


{#- The kind of an argument, whether it is required or not. -#}
{% macro bare_kind(kind) %}
    {{- return(kind | replace('required ', '') if kind is string else kind) -}}
{% endmacro %}


{#- The arguments of a cap: values, or percentiles of the observations. -#}
{% macro cap_arguments() %}
    {{- return({
        'lower': 'number',
        'upper': 'number',
        'lower_percentile': 'fraction',
        'upper_percentile': 'fraction',
        'over': ['all', 'non_zero'],
    }) -}}
{% endmacro %}
