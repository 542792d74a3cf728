{#- What the mean observation is divided by, or the mean covariate: the mean of the denominators, 1 for
    metrics that have none, and null where they add up to nothing. denominator: text, the measure. -#}
{% macro divisor(denominator) %}
    {%- set mean = "coalesce(" ~ denominator ~ "_mean, 1)" -%}
    {{- return(
        "nullif(" ~ experiment_metrics.unless_rounding(mean, denominator ~ "_variance") ~ ", 0)"
    ) -}}
{% endmacro %}


{#- How many units count in a ratio, (sum d)^2 / sum d^2: all where their denominators are the same, those
    that have one where it is 1 or 0, and all of a metric without. count: text, the column of the units;
    denominator: text, the measure. -#}
{% macro effective_units(count, denominator) %}
    {%- set n = "cast(" ~ count ~ " as " ~ experiment_metrics.type_double() ~ ")" -%}
    {%- set mean = "nullif(" ~ denominator ~ "_mean, 0)" -%}
    {%- set spread = denominator ~ "_variance / " ~ mean ~ " / " ~ mean -%}
    {{- return(
        n ~ " / (1e0 + coalesce((1e0 - 1e0 / nullif(" ~ n ~ ", 0)) * " ~ spread ~ ", 0))"
    ) -}}
{% endmacro %}


{#- Whether too few units count in a ratio: fewer than 50, and not most of them. Of 100 units against 100, of
    which a tenth have a denominator, Welch's test would find a difference in 9.5 % of experiments without one,
    at the level 0.05; where 50 count, in 5.7 % at most. The limits lie below 50 units and 60 %, which counts often
    are, so that rounding doesn't decide.
    effective, count: text, the columns of those that count and of all. -#}
{% macro is_ratio_of_few(effective, count) %}
    {{- return("(" ~ effective ~ " < 49.5e0 and " ~ effective ~ " < 0.599e0 * " ~ count ~ ")") -}}
{% endmacro %}


{#- The variance of a ratio's linear form, (v_n - 2 R c_nd + R^2 v_d)/d^2. The arguments are columns; a
    null covariance or variance of the denominator is that of no denominator, 0. -#}
{% macro ratio_variance(numerator, covariance, denominator, ratio, divisor) %}
    {%- set own = numerator -%}
    {%- set others = ratio ~ " * " ~ ratio ~ " * coalesce(" ~ denominator ~ ", 0)" -%}
    {%- set mixed = "2 * " ~ ratio ~ " * coalesce(" ~ covariance ~ ", 0)" -%}
    {{- return(
        experiment_metrics.without_rounding(own ~ " - " ~ mixed ~ " + " ~ others, own ~ " + " ~ others)
        ~ " / (" ~ divisor ~ " * " ~ divisor ~ ")"
    ) -}}
{% endmacro %}


{#- The covariance of a ratio's linear form with that of its covariate, from the four covariances of the
    two numerators and denominators. prefix: of their columns' names; the others are columns. -#}
{% macro ratio_covariance(prefix, ratio, covariate_ratio, divisor, covariate_divisor) %}
    {%- set mixed -%}
        ({{ prefix }}observation_covariate_covariance
            - {{ covariate_ratio }}
            * coalesce({{ prefix }}observation_covariate_denominator_covariance, 0)
            - {{ ratio }} * coalesce({{ prefix }}denominator_covariate_covariance, 0)
            + {{ ratio }} * {{ covariate_ratio }}
            * coalesce({{ prefix }}denominator_covariate_denominator_covariance, 0))
        / ({{ divisor }} * {{ covariate_divisor }})
    {%- endset -%}
    {{- return(mixed) -}}
{% endmacro %}


{#- A mean, 0 where it is no more than the rounding of values that add up to nothing.
    mean, variance: SQL expressions. -#}
{% macro unless_rounding(mean, variance) %}
    {{- return(
        "case when abs(" ~ mean ~ ") <= 1e-14 * sqrt(coalesce(" ~ variance ~ ", 0)) then 0 else "
        ~ mean ~ " end"
    ) -}}
{% endmacro %}


{#- A variance that is what large terms leave of one another: 0 where it is no more than their rounding.
    variance, terms: SQL expressions, the second the sum of the terms' sizes. -#}
{% macro without_rounding(variance, terms) %}
    {{- return(
        "case when " ~ variance ~ " <= " ~ experiment_metrics.rounding_of(terms) ~ " then 0e0 else "
        ~ variance ~ " end"
    ) -}}
{% endmacro %}


{#- What may be left of variances that cancel, by the rounding of sums over many units: some 1e-13 of
    them for a million. Of what is kept, two digits and more are right. -#}
{% macro rounding_of(terms) %}
    {{- return("1e-11 * (" ~ terms ~ ")") -}}
{% endmacro %}


{#- A variance, 0 where the standard error of the mean that it gives is no more than the last digits of
    that mean. variance, unit_count, value: text, columns. -#}
{% macro beyond_last_digits(variance, unit_count, value) %}
    {{- return(
        "case when sqrt(" ~ variance ~ " / nullif(" ~ unit_count ~ ", 0)) <= "
        ~ experiment_metrics.last_digits("abs(" ~ value ~ ")") ~ " then 0e0 else " ~ variance ~ " end"
    ) -}}
{% endmacro %}


{#- What a difference of means may be off by, since a mean has some 16 digits. size: text, that of what is
    taken from one another. -#}
{% macro last_digits(size) %}
    {{- return("1e-15 * (" ~ size ~ ")") -}}
{% endmacro %}
