{#- The models that bring exposures: of a plan, its baseline alone, in place of all experiments. -#}
{% macro exposure_models() %}
    {{- return(
        ['baseline_exposures'] if experiment_metrics.is_planned() else experiment_metrics.given_exposure_models()
    ) -}}
{% endmacro %}


{#- The models that bring the exposures of experiments: those of the var `exposure_models`; where it is empty, plain
    files or tables if EXPOSURES names some, and Optimizely's export if not. -#}
{% macro given_exposure_models() %}
    {%- set is_plain = experiment_metrics.plain_source('exposures') -%}
    {{- return(
        experiment_metrics.named_models('exposure_models')
        or ['stg_tables__exposures' if is_plain else 'stg_optimizely__decisions']
    ) -}}
{% endmacro %}


{#- The models that bring attributes of exposures, as exposure_models: a var's exposures have those of the
    var `exposure_attribute_models` alone, and the baseline of a plan has none. -#}
{% macro exposure_attribute_models() %}
    {%- if experiment_metrics.is_planned() -%}{{- return([]) -}}{%- endif -%}
    {%- set named = experiment_metrics.named_models('exposure_attribute_models') -%}
    {%- if experiment_metrics.named_models('exposure_models') or named -%}
        {{- return(named) -}}
    {%- endif -%}
    {{- return(
        ['stg_tables__exposure_attributes'] if experiment_metrics.plain_source('exposures')
        else ['stg_optimizely__decision_attributes']
    ) -}}
{% endmacro %}


{#- The models that bring events, as exposure_models. Whose exposures are not Optimizely's has Optimizely's
    events only by the var. -#}
{% macro event_models() %}
    {%- if experiment_metrics.named_models('event_models') -%}
        {{- return(experiment_metrics.named_models('event_models')) -}}
    {%- elif experiment_metrics.plain_source('events') -%}
        {{- return(['stg_tables__events']) -}}
    {%- endif -%}
    {{- return(
        ['stg_optimizely__events']
        if 'stg_optimizely__decisions' in experiment_metrics.given_exposure_models() else []
    ) -}}
{% endmacro %}


{#- The models that bring support calls, as exposure_models: where CALL_DATA_PATH names no file, the seed's
    calls are of Optimizely's visitors. -#}
{% macro call_models() %}
    {%- if experiment_metrics.named_models('call_models') -%}
        {{- return(experiment_metrics.named_models('call_models')) -}}
    {%- endif -%}
    {%- set is_read = experiment_metrics.call_data_path()
        or 'stg_optimizely__decisions' in experiment_metrics.given_exposure_models() -%}
    {{- return(['stg_call_center__calls'] if is_read else []) -}}
{% endmacro %}


{#- Whether a staging model's source is read: one that isn't is disabled, so that nobody has to have it.
    model_name: text, the staging model. -#}
{% macro is_read(model_name) %}
    {{- return(
        model_name in experiment_metrics.exposure_models() + experiment_metrics.exposure_attribute_models()
        + experiment_metrics.event_models() + experiment_metrics.call_models()
    ) -}}
{% endmacro %}


{#- The staging models of this package, which have every column of their door, rightly typed, and each row
    once; and for each what it is made from: all rows that were delivered, with rejection_reason. -#}
{% macro delivered_models() %}
    {{- return({
        'stg_optimizely__decisions': 'base_optimizely__decisions',
        'stg_optimizely__events': 'base_optimizely__events',
        'stg_call_center__calls': 'base_call_center__calls',
        'stg_tables__exposures': 'base_tables__exposures',
        'stg_tables__events': 'base_tables__events',
    }) -}}
{% endmacro %}


{#- Whether a model is a staging model of this package, which has every column of its door, rightly typed. -#}
{% macro is_own_door(model_name) %}
    {{- return(
        model_name in experiment_metrics.delivered_models()
        or model_name in ['stg_optimizely__decision_attributes', 'stg_tables__exposure_attributes']
    ) -}}
{% endmacro %}


{#- What a door's model is called in the accounting of rows. -#}
{% macro source_name(model_name) %}
    {{- return({
        'stg_optimizely__decisions': 'decisions',
        'stg_optimizely__events': 'events',
        'stg_call_center__calls': 'calls',
        'stg_tables__exposures': 'exposures',
        'stg_tables__events': 'events' if 'stg_optimizely__events' not in experiment_metrics.event_models()
            else 'events (tables)',
    }.get(model_name, model_name)) -}}
{% endmacro %}
