{#- The arguments of metric_observations: what every metric takes, and what each type takes besides.
    The kinds of values are those of expected_argument. -#}
{% macro metric_types() %}
    {{- return({
        'conversion': {},
        'count': {},
        'sum': {'value': 'required sql'},
        'mean': {'value': 'required sql'},
        'min': {'value': 'required sql'},
        'max': {'value': 'required sql'},
        'first': {'value': 'required sql'},
        'latest': {'value': 'required sql'},
        'count_distinct': {'value': 'required sql'},
        'threshold': {'value': 'required sql', 'threshold': 'required number'},
        'time_to': {},
        'ratio': {
            'numerator': 'required part',
            'denominator': 'required part',
            'zero_denominator': ['keep', 'drop'],
        },
        'unit_count': {
            'rollup': ['one_time', 'daily', 'latest', 'window'],
            'start_day': 'day',
            'end_day': 'day',
        },
        'retention': {'from_day': 'required day', 'to_day': 'day'},
        'all_of': {'conditions': 'required steps'},
        'any_of': {'conditions': 'required steps'},
        'funnel': {'steps': 'required steps'},
        'quantile': {
            'quantile': 'required fraction',
            'of': ['units', 'events'],
            'value': 'sql',
            'unit_value': ['count', 'sum', 'mean', 'min', 'max', 'count_distinct'],
        },
    }) -}}
{% endmacro %}


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
        'unit': 'text',
        'owner': 'text',
        'tags': 'texts',
        'description': 'text',
    }) -}}
{% endmacro %}


{#- The types that an option is for, where it is not for all. -#}
{% macro types_with(option) %}
    {%- set aggregates = [
        'conversion', 'count', 'sum', 'mean', 'min', 'max', 'count_distinct', 'threshold'
    ] -%}
    {{- return({
        'breakdown': aggregates,
        'cuped': aggregates + ['first', 'latest', 'ratio', 'all_of', 'any_of', 'unit_count'],
        'cap': [
            'count', 'sum', 'mean', 'min', 'max', 'count_distinct', 'first', 'latest', 'time_to', 'ratio'
        ],
    }[option]) -}}
{% endmacro %}


{#- The arguments of a part of a metric: a ratio's numerator or denominator, a condition of all_of or
    any_of, a funnel's step. -#}
{% macro part_arguments(kind) %}
    {%- set common = {'source': 'source', 'where': 'sql'} -%}
    {{- return({
        'part': dict(
            common,
            type=['conversion', 'count', 'sum', 'count_distinct', 'threshold'],
            value='sql',
            threshold='number'
        ),
        'condition': common,
        'first step': dict(common, name='required text'),
        'step': dict(common, name='required text', within_hours='positive hours'),
    }[kind]) -}}
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
