{#- The id of what was assigned to a variation by a decision: its session or its visitor.
    decisions: text, the rows, with both ids; experiments: text, with randomisation_unit. -#}
{% macro randomised_unit(decisions, experiments) %}
    {{- return(
        "case\n            when " ~ experiments ~ ".randomisation_unit = 'session_id' then "
        ~ decisions ~ ".session_id\n            else " ~ decisions ~ ".visitor_id\n        end"
    ) -}}
{% endmacro %}
