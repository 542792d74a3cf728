{#- What of a rejected row explains its reason, as SQL over the columns of its door and unreadable_text; null where
    its other columns say it all. Nothing that applications or visitors wrote: no attribute and no tag.
    door: text, exposures, events or calls. -#}
{% macro rejection_details(door) %}
    {%- set amounts = ['revenue', 'value', 'quantity'] -%}
    {%- set shown = {
        'exposures': {'conflicting_id': ['session_id', 'is_holdback', 'is_bot']},
        'events': {'conflicting_id': ['entity_id', 'event_type'] + amounts + ['is_bot'], 'impossible_amount': amounts},
    }.get(door, {}) -%}
    {%- set cases = [] -%}
    {%- for reason, columns in shown.items() -%}
        {%- set texts = [] -%}
        {%- for column in columns -%}
            {%- do texts.append("'" ~ column ~ " ' || " ~ experiment_metrics.to_text(column)) -%}
        {%- endfor -%}
        {%- do cases.append("when rejection_reason = '" ~ reason ~ "' then concat_ws(', ', " ~ texts | join(", ") ~ ")") -%}
    {%- endfor -%}
    {%- do cases.append("when rejection_reason is not null then unreadable_text") -%}
    {{- return("case\n            " ~ cases | join("\n            ") ~ "\n        end") -}}
{% endmacro %}


{#- What stands where a time should be, as SQL, where it can't be read: for people to see its form.
    given: text, the column as it came; read: text, the time that was made of it. -#}
{% macro unreadable_text(given, read) %}
    {{- return(
        "case when " ~ read ~ " is null then "
        ~ experiment_metrics.without_letters(experiment_metrics.to_text(given)) ~ " end"
    ) -}}
{% endmacro %}


{#- The same of a plain source. columns: as plain_columns gives them. -#}
{% macro unreadable_plain_time(ours, columns) %}
    {%- if ours not in columns -%}{{- return("cast(null as " ~ dbt.type_string() ~ ")") -}}{%- endif -%}
    {%- set given = experiment_metrics.plain_column(columns[ours]) -%}
    {{- return(experiment_metrics.unreadable_text(given, experiment_metrics.plain_timestamp(given))) -}}
{% endmacro %}
