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


{#- The variance of values adjusted by theta, that of the linear form (y - R d)/D - theta (x - S u)/U of
    each unit: of its four measures, and not of the two ratios, so that all that cancels is in
    adjusted_terms. side: text, the alias of the moments; theta: text, a column. -#}
{% macro adjusted_variance(side, theta) %}
    {%- set weights = experiment_metrics.adjusted_weights(side, theta) -%}
    {%- set terms = [] -%}
    {%- for moment in experiment_metrics.second_moments() -%}
        {%- set term = weights[moment.one] ~ " * " ~ weights[moment.other] ~ " * " ~ side ~ "."
            ~ moment.name -%}
        {#- A single unit has no variance; other moments are null where there is no such measure. -#}
        {%- do terms.append(
            term if moment.name == 'observation_variance'
            else "coalesce(" ~ ("" if moment.one == moment.other else "2 * ") ~ term ~ ", 0)"
        ) -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{#- The sum of the sizes of what the adjusted variance is made of: the four measures' own variances. -#}
{% macro adjusted_terms(side, theta) %}
    {%- set weights = experiment_metrics.adjusted_weights(side, theta) -%}
    {%- set terms = [] -%}
    {%- for measure, weight in weights.items() -%}
        {%- do terms.append(
            "coalesce(" ~ weight ~ " * " ~ weight ~ " * " ~ side ~ "." ~ measure ~ "_variance, 0)"
        ) -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{% macro adjusted_weights(side, theta) %}
    {%- set covariate = theta ~ " / " ~ side ~ ".covariate_divisor" -%}
    {{- return({
        'observation': "(1e0 / " ~ side ~ ".divisor)",
        'denominator': "(-" ~ side ~ ".metric_value / " ~ side ~ ".divisor)",
        'covariate': "(-" ~ covariate ~ ")",
        'covariate_denominator': "(" ~ covariate ~ " * " ~ side ~ ".covariate_value)",
    }) -}}
{% endmacro %}
