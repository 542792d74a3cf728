{#- The types of metrics, by name, in the order of docs/metrics.md. Each is one file in types/, which
    says all of it; dbt can't list macros by itself, so a new type is its file and its line here.
    A type is a dict that may have

    arguments       its own arguments, and of what kind each is, see expected_argument
    parts           those of them that are definitions with a source and a filter of their own; each
                    part of a ratio may have a window and a cap of its own, too
    step_arguments  what else the first of its steps may say, and the others
    allows          which of the options breakdown, cuped and cap it is for
    serves_as       what else it can be: the 'part' of a ratio, the 'unit value' of a quantile
    unit            what its observations are always measured in, one of metric_units
    usual_unit      what they are measured in where the metric doesn't say
    check           macro of the arguments: raises what they demand of each other
    window          macro of the metric: its own window instead of window_hours, …, see given_window
    facts           macro of the metric: where dim_metrics says other than of most metrics
    metrics         macro of the definition: the metrics that it makes, where that is not one
    observe         macro of the metric and its span: CTEs that end in observed
    aggregate       what observe_aggregate makes of a unit's rows, see there -#}
{% macro metric_types() %}
    {{- return({
        'conversion': experiment_metrics.metric_type__conversion(),
        'count': experiment_metrics.metric_type__count(),
        'sum': experiment_metrics.metric_type__sum(),
        'mean': experiment_metrics.metric_type__mean(),
        'min': experiment_metrics.metric_type__min(),
        'max': experiment_metrics.metric_type__max(),
        'first': experiment_metrics.metric_type__first(),
        'latest': experiment_metrics.metric_type__latest(),
        'count_distinct': experiment_metrics.metric_type__count_distinct(),
        'threshold': experiment_metrics.metric_type__threshold(),
        'time_to': experiment_metrics.metric_type__time_to(),
        'ratio': experiment_metrics.metric_type__ratio(),
        'unit_count': experiment_metrics.metric_type__unit_count(),
        'retention': experiment_metrics.metric_type__retention(),
        'all_of': experiment_metrics.metric_type__all_of(),
        'any_of': experiment_metrics.metric_type__any_of(),
        'funnel': experiment_metrics.metric_type__funnel(),
        'quantile': experiment_metrics.metric_type__quantile(),
    }) -}}
{% endmacro %}


{#- The names of the types that allow an option, or serve as something.
    property: text, allows or serves_as; what: text, one of its values. -#}
{% macro types_that(property, what) %}
    {%- set names = [] -%}
    {%- for name, type in experiment_metrics.metric_types().items()
        if what in type.get(property, []) -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
