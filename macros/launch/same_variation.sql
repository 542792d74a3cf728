{#- The condition that rows of two relations are of one variation of one experiment. -#}
{% macro same_variation(one, other) %}
    {{- return(
        one ~ ".experiment_id = " ~ other ~ ".experiment_id\n        and "
        ~ one ~ ".variation_id = " ~ other ~ ".variation_id"
    ) -}}
{% endmacro %}
