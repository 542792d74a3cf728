{#- The mean of the units of `own` and `reference` together. measure: text. -#}
{% macro pooled_mean(measure) %}
    {%- set n = experiment_metrics.pooled_count('own') -%}
    {%- set m = experiment_metrics.pooled_count('reference') -%}
    {%- set own = "own." ~ measure ~ "_mean" -%}
    {%- set reference = "reference." ~ measure ~ "_mean" -%}
    {{- return(
        own ~ " + (" ~ reference ~ " - " ~ own ~ ") * " ~ m ~ " / (" ~ n ~ " + " ~ m ~ ")"
    ) -}}
{% endmacro %}


{#- The sample covariance over the units of `own` and `reference` together: the sums within the two and
    what their means' distance adds. one, other: text, two measures; of one with itself, the variance. -#}
{% macro pooled_covariance(one, other) %}
    {%- set covariance = one ~ ("_variance" if one == other else "_" ~ other ~ "_covariance") -%}
    {%- set n = experiment_metrics.pooled_count('own') -%}
    {%- set m = experiment_metrics.pooled_count('reference') -%}
    {%- set pooled -%}
        (own.{{ covariance }} * ({{ n }} - 1) + reference.{{ covariance }} * ({{ m }} - 1)
            + (own.{{ one }}_mean - reference.{{ one }}_mean)
            * (own.{{ other }}_mean - reference.{{ other }}_mean)
            * {{ n }} * {{ m }} / ({{ n }} + {{ m }})) / ({{ n }} + {{ m }} - 1)
    {%- endset -%}
    {{- return(pooled) -}}
{% endmacro %}


{% macro pooled_count(side) %}
    {{- return("cast(" ~ side ~ ".unit_count as " ~ experiment_metrics.type_double() ~ ")") -}}
{% endmacro %}
