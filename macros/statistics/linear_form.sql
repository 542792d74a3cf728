{#- Moments of a linear form of a unit's measures, from the measures' moments. A measure that there is not has
    no part in it. relation: text, the alias of the moments; weights: dict, the SQL of each measure's
    weight. -#}


{#- The mean. -#}
{% macro linear_mean(relation, weights) %}
    {%- set terms = [] -%}
    {%- for measure in experiment_metrics.moment_measures() -%}
        {%- do terms.append(
            "coalesce(" ~ weights[measure] ~ " * " ~ relation ~ "." ~ measure ~ "_mean, 0)"
        ) -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{#- The sample variance, rounding included; null of a single unit. -#}
{% macro linear_variance(relation, weights) %}
    {%- set terms = [] -%}
    {%- for moment in experiment_metrics.second_moments() -%}
        {%- set term = experiment_metrics.weighted_moment(
            relation, weights, [moment.one, moment.other], moment.name
        ) -%}
        {%- do terms.append(
            term if moment.name == 'observation_variance' else "coalesce(" ~ term ~ ", 0)"
        ) -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{#- The sum of the sizes of what the variance is made of: the measures' own variances. -#}
{% macro linear_terms(relation, weights) %}
    {%- set terms = [] -%}
    {%- for measure in experiment_metrics.moment_measures() -%}
        {%- do terms.append("coalesce(" ~ experiment_metrics.weighted_moment(
            relation, weights, [measure, measure], measure ~ "_variance"
        ) ~ ", 0)") -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{#- The third central moment. -#}
{% macro linear_third_moment(relation, weights) %}
    {%- set terms = [] -%}
    {%- for moment in experiment_metrics.third_moments() -%}
        {%- do terms.append("coalesce(" ~ experiment_metrics.weighted_moment(
            relation, weights, moment.measures, moment.name
        ) ~ ", 0)") -%}
    {%- endfor -%}
    {{- return(terms | join("\n        + ")) -}}
{% endmacro %}


{#- A moment times the weights of its measures, as often as these can be put in order. -#}
{% macro weighted_moment(relation, weights, measures, name) %}
    {%- set different = measures | unique | list | length -%}
    {%- set orders = {(2, 1): 1, (2, 2): 2, (3, 1): 1, (3, 2): 3, (3, 3): 6}[(measures | length, different)] -%}
    {%- set factors = [orders | string] if orders > 1 else [] -%}
    {%- for measure in measures -%}{%- do factors.append(weights[measure]) -%}{%- endfor -%}
    {{- return(factors | join(" * ") ~ " * " ~ relation ~ "." ~ name) -}}
{% endmacro %}


{#- The weights of the form (y - R d)/D - theta (x - S u)/U, of what theta leaves of a ratio.
    relation: text, the alias of the linearised moments; theta: text, a column. -#}
{% macro adjusted_weights(relation, theta) %}
    {%- set covariate = theta ~ " / " ~ relation ~ ".covariate_divisor" -%}
    {{- return({
        'observation': "(1e0 / " ~ relation ~ ".divisor)",
        'denominator': "(-" ~ relation ~ ".metric_value / " ~ relation ~ ".divisor)",
        'covariate': "(-" ~ covariate ~ ")",
        'covariate_denominator': "(" ~ covariate ~ " * " ~ relation ~ ".covariate_value)",
    }) -}}
{% endmacro %}
