{#- A query that gives the usable rows of all models of a door, with their source's name: the columns of
    door_columns and source_name; no row where the door has no model. Where a door has several models, ids are
    told apart by their source.
    door: text; models: list of text, the models' names. -#}
{% macro door_rows(door, models) %}
    {%- set columns = experiment_metrics.door_columns(door) -%}
    {%- for model_name in models %}
select
    {{ experiment_metrics.string_literal(experiment_metrics.source_name(model_name)) }} as source_name,
        {%- for name in columns %}
            {%- set expression = name -%}
            {%- if name in ['event_id', 'call_id'] -%}
                {%- set expression = experiment_metrics.told_apart(name, model_name, models) -%}
            {%- elif name == 'variation_id' -%}
                {%- set expression = experiment_metrics.pooled_variation(name) | trim -%}
            {%- endif %}
    {{ expression }}{{ ' as ' ~ name if expression != name }}{{ ',' if not loop.last }}
        {%- endfor %}
from {{ experiment_metrics.usable_rows(door, model_name) }} as usable
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- else %}
select
    cast(null as {{ dbt.type_string() }}) as source_name,
        {%- for name, column in columns.items() %}
    cast(null as {{ column.type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
where false
    {%- endfor %}
{% endmacro %}


{#- The id of an outcome of one of several models. Exposures are told apart by source_name instead, since their
    attributes come by the id alone. -#}
{% macro told_apart(id, model_name, models) %}
    {%- if models | length == 1 -%}{{- return(id) -}}{%- endif -%}
    {{- return(
        experiment_metrics.string_literal(experiment_metrics.source_name(model_name) ~ ': ') ~ " || " ~ id
    ) -}}
{% endmacro %}


{#- The rows of a door's model that can be used, in the door's columns and types, as SQL to select from. -#}
{% macro usable_rows(door, model_name) %}
    {%- if experiment_metrics.is_own_door(model_name) -%}
        {{- return(experiment_metrics.portable(ref(model_name))) -}}
    {%- elif door == 'attributes' -%}
        {{- return("(" ~ experiment_metrics.typed_rows(door, model_name) ~ ")") -}}
    {%- endif -%}
    {{- return(
        "(select * from (" ~ experiment_metrics.delivered_rows(door, model_name)
        ~ ") as delivered where rejection_reason is null)"
    ) -}}
{% endmacro %}


{#- A query that gives all rows that the models of a door were delivered, usable or not: source_name, the
    columns asked for, where the row stands, and rejection_reason with its details. columns: list of text. -#}
{% macro delivered_door_rows(door, models, columns) %}
    {%- for model_name in models %}
select
    {{ experiment_metrics.string_literal(experiment_metrics.source_name(model_name)) }} as source_name,
    {{ columns | join(',\n    ') }},
    file_name,
    file_row,
    {{ experiment_metrics.rejection_details(door) }} as details,
    rejection_reason
from ({{ experiment_metrics.delivered_rows(door, model_name) }}) as delivered
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- else %}
select
    cast(null as {{ dbt.type_string() }}) as source_name,
        {%- for name in columns %}
    cast(null as {{ experiment_metrics.door_columns(door)[name].type }}) as {{ name }},
        {%- endfor %}
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_row,
    cast(null as {{ dbt.type_string() }}) as details,
    cast(null as {{ dbt.type_string() }}) as rejection_reason
where false
    {%- endfor %}
{% endmacro %}


{#- A query that gives all rows that a door's model was delivered, typed, with rejection_reason.
    door: text; model_name: text. -#}
{% macro delivered_rows(door, model_name) %}
    {%- set made_from = experiment_metrics.delivered_models().get(model_name) -%}
    {%- if made_from -%}
select * from {{ ref(made_from) }}
    {%- else -%}
select
    typed.*,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_row,
    {{ experiment_metrics.rejection_reason(door) }} as rejection_reason
from (
    {{ experiment_metrics.typed_rows(door, model_name) | indent(4) }}
) as typed
    {%- endif -%}
{% endmacro %}


{#- A query that gives the rows of a user's model in the types of its door; a column that it lacks and may lack
    has the door's default. -#}
{% macro typed_rows(door, model_name) %}
    {%- set relation = ref(model_name) -%}
    {%- set given = experiment_metrics.columns_of(relation) -%}
select
    {%- for name, column in experiment_metrics.door_columns(door).items() %}
        {%- if given and name not in given %}
            {%- if column.is_required and execute %}
                {%- do exceptions.raise_compiler_error(
                    "Missing column '" ~ name ~ "' in the model " ~ model_name ~ ", which has: " ~ given | join(', ')
                    ~ ". A model of " ~ door ~ " needs: " ~ experiment_metrics.required_columns(door) | join(', ') ~ "."
                ) -%}
            {%- endif %}
    cast({{ column.default or 'null' }} as {{ column.type }}) as {{ name }}
        {%- elif column.type == dbt.type_timestamp() %}
    {{ experiment_metrics.to_timestamp(name) }} as {{ name }}
        {%- elif column.default %}
    coalesce(cast({{ name }} as {{ column.type }}), {{ column.default }}) as {{ name }}
        {%- elif name.endswith('_id') %}
    {{ experiment_metrics.to_id(name) }} as {{ name }}
        {%- else %}
    cast({{ name }} as {{ column.type }}) as {{ name }}
        {%- endif %}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if door != 'attributes' %}
        {%- set time = 'exposed_at' if door == 'exposures' else 'occurred_at' -%}
    ,
    {{ experiment_metrics.unreadable_text(time, experiment_metrics.to_timestamp(time)) }} as unreadable_text
    {%- endif %}
from {{ experiment_metrics.portable(relation) }}
{% endmacro %}


{#- The names of a relation's columns, in lower case; none where it isn't there yet, as when SQL is compiled
    without being run. -#}
{% macro columns_of(relation) %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {{- return(
        adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list
    ) -}}
{% endmacro %}


{% macro required_columns(door) %}
    {%- set names = [] -%}
    {%- for name, column in experiment_metrics.door_columns(door).items() if column.is_required -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
