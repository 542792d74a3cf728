{#- Plain exposures or events, of one's own files or tables: what was named by the var exposures_path or
    events_path or by the environment variable EXPOSURES or EVENTS; empty if nothing was.
    door: text, exposures or events. -#}
{% macro plain_source(door) %}
    {{- return(var(door ~ '_path') or env_var(door | upper, '')) -}}
{% endmacro %}


{#- What plain files call the columns of a door, the likeliest name first. A further column of exposures
    is an attribute. -#}
{% macro plain_column_names(door) %}
    {%- set user_names = [
        'user_id', 'visitor_id', 'unit_id', 'userid', 'user', 'anonymous_id', 'client_id', 'customer_id',
        'stable_id', 'subject_id'
    ] -%}
    {{- return({
        'exposures': {
            'visitor_id': user_names,
            'experiment_id': ['experiment_id', 'experiment', 'experiment_name', 'experiment_key', 'test_id'],
            'variation_id': [
                'variation_id', 'variant', 'variation', 'variant_id', 'variation_name', 'variant_name',
                'group', 'group_name', 'group_id', 'treatment', 'arm'
            ],
            'exposed_at': [
                'exposed_at', 'exposure_ts', 'exposure_time', 'exposure_timestamp', 'first_exposure_at',
                'first_exposure', 'timestamp', 'ts', 'time', 'received_at', 'event_ts', 'event_time',
                'created_at', 'date'
            ],
            'exposure_id': ['exposure_id', 'uuid', 'id', 'event_id'],
            'session_id': ['session_id'],
            'processed_at': ['processed_at', 'process_timestamp'],
            'is_holdback': ['is_holdback', 'holdback'],
            'is_bot': ['is_bot', 'bot'],
        },
        'events': {
            'visitor_id': user_names,
            'event_name': ['event_name', 'event', 'event_type', 'name', 'metric_name'],
            'occurred_at': [
                'occurred_at', 'event_ts', 'event_time', 'event_timestamp', 'timestamp', 'ts', 'time',
                'received_at', 'created_at', 'date'
            ],
            'value': ['amount', 'value', 'event_value', 'revenue', 'price', 'metric_value'],
            'event_id': ['event_id', 'uuid', 'id'],
            'entity_id': ['entity_id'],
            'quantity': ['quantity'],
            'processed_at': ['processed_at', 'process_timestamp'],
            'is_bot': ['is_bot', 'bot'],
        },
    }[door]) -}}
{% endmacro %}


{#- Those of them without which nothing can be made of a row. -#}
{% macro required_plain_columns(door) %}
    {{- return({
        'exposures': ['visitor_id', 'variation_id', 'exposed_at'],
        'events': ['visitor_id', 'event_name', 'occurred_at'],
    }[door]) -}}
{% endmacro %}


{#- The var that maps the columns of a plain source. -#}
{% macro columns_var(door) %}
    {{- return({'exposures': 'exposure_columns', 'events': 'event_columns'}[door]) -}}
{% endmacro %}


{#- Which column of the plain source is which of the door: names of its columns by names of ours, those that
    the var exposure_columns or event_columns maps, then those whose name is well known. Looks at the source.
    given: list of text, the source's columns. -#}
{% macro plain_columns(door, given) %}
    {%- set mapped = var(experiment_metrics.columns_var(door)) -%}
    {%- set lower_names = {} -%}
    {%- for name in given -%}{%- do lower_names.update({name | lower: name}) -%}{%- endfor -%}
    {%- set found = {} -%}
    {%- for ours, theirs in mapped.items() -%}
        {%- do found.update({ours: lower_names.get(theirs | lower, theirs)}) -%}
    {%- endfor -%}
    {%- for ours, names in experiment_metrics.plain_column_names(door).items() if ours not in found -%}
        {%- for name in names if name in lower_names and lower_names[name] not in found.values()
            and ours not in found -%}
            {%- do found.update({ours: lower_names[name]}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}


{#- The columns of exposures that are no column of the door: attributes, but for what tells who somebody is,
    which does not leave staging. -#}
{% macro plain_attributes(given) %}
    {%- set known = experiment_metrics.plain_columns('exposures', given).values() | list -%}
    {%- set personal = ['user_ip', 'ip', 'ip_address', 'user_agent', 'referer', 'referrer', 'email'] -%}
    {%- set attributes = [] -%}
    {%- for name in given if name not in known and name | lower not in personal -%}
        {%- do attributes.append(name) -%}
    {%- endfor -%}
    {{- return(attributes) -}}
{% endmacro %}


{#- The names of the columns of the plain source, but for nested ones. Nothing where SQL is not made to be run. -#}
{% macro given_plain_columns(door) %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {{- return(experiment_metrics.flat_columns(experiment_metrics.plain_relation(door))) -}}
{% endmacro %}


{#- A column of the plain source by its name, whatever that holds. -#}
{% macro plain_column(name) %}
    {{- return("source." ~ adapter.quote(name | replace('"', '""'))) -}}
{% endmacro %}


{#- Whether a text says yes, as SQL; null where it says neither yes nor no. -#}
{% macro plain_flag(text) %}
    {{- return(
        "case when lower(" ~ text ~ ") in ('true', 't', '1', '1.0', 'yes', 'y', 'on') then true when lower("
        ~ text ~ ") in ('false', 'f', '0', '0.0', 'no', 'n', 'off') then false end"
    ) -}}
{% endmacro %}


{#- A number from a column of a plain source, as SQL; null where it is none. -#}
{% macro plain_number(column) %}
    {{- return(
        experiment_metrics.to_double(experiment_metrics.decimal_text(experiment_metrics.to_text(column)))
    ) -}}
{% endmacro %}


{#- A column of the plain source in its door's type, as SQL; the door's default where the source has none. -#}
{% macro plain_value(ours, columns, type) %}
    {%- if ours not in columns -%}
        {{- return('false' if type == 'boolean' else "cast(null as " ~ type ~ ")") -}}
    {%- endif -%}
    {%- set theirs = experiment_metrics.plain_column(columns[ours]) -%}
    {%- if type == dbt.type_timestamp() -%}
        {{- return(experiment_metrics.plain_timestamp(theirs)) -}}
    {%- elif type == experiment_metrics.type_double() -%}
        {{- return(experiment_metrics.plain_number(theirs)) -}}
    {%- elif type == dbt.type_bigint() -%}
        {{- return("cast(" ~ experiment_metrics.plain_number(theirs) ~ " as " ~ type ~ ")") -}}
    {%- elif type == 'boolean' -%}
        {{- return(
            "coalesce(" ~ experiment_metrics.plain_flag(experiment_metrics.to_text(theirs)) ~ ", false)"
        ) -}}
    {%- elif ours.endswith('_id') -%}
        {{- return(experiment_metrics.to_id(theirs)) -}}
    {%- endif -%}
    {{- return(experiment_metrics.to_text(theirs)) -}}
{% endmacro %}
