{#- The id of what was assigned to a variation by an exposure: its session or its visitor.
    exposures: text, the rows, with both ids; experiments: text, with randomisation_unit. -#}
{% macro randomised_unit(exposures, experiments) %}
    {{- return(
        "case\n            when " ~ experiments ~ ".randomisation_unit = 'session_id' then "
        ~ exposures ~ ".session_id\n            else " ~ exposures ~ ".visitor_id\n        end"
    ) -}}
{% endmacro %}
