{#- The columns of a door: what a user's model may bring. By name, a dict with type and is_required; id is the
    column that identifies a row. door: text, exposures, attributes, events or calls. -#}
{% macro door_columns(door) %}
    {%- set text, time, flag = dbt.type_string(), dbt.type_timestamp(), 'boolean' -%}
    {{- return({
        'exposures': {
            'exposure_id': {'type': text, 'is_required': true},
            'experiment_id': {'type': text, 'is_required': true},
            'variation_id': {'type': text, 'is_required': true},
            'visitor_id': {'type': text, 'is_required': true},
            'session_id': {'type': text},
            'exposed_at': {'type': time, 'is_required': true},
            'processed_at': {'type': time},
            'is_holdback': {'type': flag, 'default': 'false'},
            'is_bot': {'type': flag, 'default': 'false'},
        },
        'attributes': {
            'experiment_id': {'type': text},
            'exposure_id': {'type': text, 'is_required': true},
            'attribute_name': {'type': text, 'is_required': true},
            'attribute_value': {'type': text, 'is_required': true},
        },
        'events': {
            'event_id': {'type': text, 'is_required': true},
            'visitor_id': {'type': text, 'is_required': true},
            'occurred_at': {'type': time, 'is_required': true},
            'processed_at': {'type': time},
            'entity_id': {'type': text},
            'event_type': {'type': text},
            'event_name': {'type': text, 'is_required': true},
            'revenue': {'type': dbt.type_bigint()},
            'value': {'type': experiment_metrics.type_double()},
            'quantity': {'type': dbt.type_bigint()},
            'tags': {'type': experiment_metrics.type_tags()},
            'is_bot': {'type': flag, 'default': 'false'},
        },
        'calls': {
            'call_id': {'type': text, 'is_required': true},
            'visitor_id': {'type': text, 'is_required': true},
            'occurred_at': {'type': time, 'is_required': true},
            'call_duration_min': {'type': experiment_metrics.type_double(), 'is_required': true},
        },
    }[door]) -}}
{% endmacro %}


{#- The id of a door's rows. -#}
{% macro door_id(door) %}
    {{- return({'exposures': 'exposure_id', 'events': 'event_id', 'calls': 'call_id'}.get(door)) -}}
{% endmacro %}


{#- Why a row of a door can't be used, as SQL over its typed columns: the first reason that holds. -#}
{% macro rejection_reason(door) %}
    {%- set time = 'exposed_at' if door == 'exposures' else 'occurred_at' -%}
    {%- set reasons = [
        "when " ~ experiment_metrics.is_blank(experiment_metrics.door_id(door)) ~ " then 'missing_id'",
        "when " ~ experiment_metrics.is_missing_visitor('visitor_id') ~ " then 'missing_visitor_id'",
        "when " ~ time ~ " is null then 'missing_timestamp'",
    ] -%}
    {%- if door == 'exposures' -%}
        {%- do reasons.extend([
            "when " ~ experiment_metrics.is_blank('experiment_id') ~ " then 'missing_experiment_id'",
            "when " ~ experiment_metrics.is_blank('variation_id') ~ " then 'missing_variation_id'",
            "when is_holdback is null then 'missing_holdback_flag'",
        ]) -%}
    {%- elif door == 'events' -%}
        {%- do reasons.append(
            "when " ~ experiment_metrics.is_no_amount() ~ " then 'impossible_amount'"
        ) -%}
    {%- endif -%}
    {{- return("case\n            " ~ reasons | join("\n            ") ~ "\n        end") -}}
{% endmacro %}


{#- The condition that an event's amounts are none, as SQL: a value that is not a number or has no end, and whole
    numbers that are not exact any more where metrics add them up. -#}
{% macro is_no_amount() %}
    {%- set exact = 2 ** 53 -%}
    {{- return(
        "not abs(value) <= 1e50 or revenue not between -" ~ exact ~ " and " ~ exact
        ~ " or quantity not between -" ~ exact ~ " and " ~ exact
    ) -}}
{% endmacro %}
