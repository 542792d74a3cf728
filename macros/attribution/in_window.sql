{#- The attribution rule, as the condition of a row: it counts from a start, such as the unit's
    exposure, to the end of a window, both ends included. occurred_at, starts_at: text, SQL;
    ends_at: the same, or none for no end. -#}
{% macro in_window(occurred_at, starts_at, ends_at) %}
    {{- return(
        occurred_at ~ " >= " ~ starts_at if ends_at is none
        else occurred_at ~ " between " ~ starts_at ~ " and " ~ ends_at
    ) -}}
{% endmacro %}
