{#- Moments of a linear form of a unit's measures, each times its weight, from the measures' moments. A
    measure that there is not has none. `relation`: text, which has the moment_columns and the weights. -#}


{#- The mean. -#}
{% macro linear_mean(relation) %}
    {%- set terms = [] -%}
    {%- for measure in experiment_metrics.moment_measures() -%}
        {%- do terms.append(
            "coalesce(" ~ measure ~ "_weight * " ~ relation ~ "." ~ measure ~ "_mean, 0)"
        ) -%}
    {%- endfor -%}
    {{- return(terms | join('\n        + ')) -}}
{% endmacro %}


{#- The sample variance; 0 where it is no more than the rounding of its terms. -#}
{% macro linear_variance(relation) %}
    {%- set terms, squares = [], [] -%}
    {%- for moment in experiment_metrics.second_moments() -%}
        {%- set term = experiment_metrics.weighted_moment(relation, [moment.one, moment.other], moment.name) -%}
        {%- do terms.append(term) -%}
        {%- if moment.one == moment.other -%}{%- do squares.append(term) -%}{%- endif -%}
    {%- endfor -%}
    {{- return(experiment_metrics.without_rounding(
        '(' ~ terms | join('\n        + ') ~ ')', squares | join('\n        + ')
    )) -}}
{% endmacro %}


{#- The third central moment. -#}
{% macro linear_third_moment(relation) %}
    {%- set terms = [] -%}
    {%- for moment in experiment_metrics.third_moments() -%}
        {%- do terms.append(experiment_metrics.weighted_moment(relation, moment.measures, moment.name)) -%}
    {%- endfor -%}
    {{- return(terms | join('\n        + ')) -}}
{% endmacro %}


{#- A moment times the weights of its measures, as often as these can be put in order. -#}
{% macro weighted_moment(relation, measures, name) %}
    {%- set different = measures | unique | list | length -%}
    {%- set orders = {(2, 1): 1, (2, 2): 2, (3, 1): 1, (3, 2): 3, (3, 3): 6}[(measures | length, different)] -%}
    {{- return(
        "coalesce(" ~ (orders ~ " * " if orders > 1 else "") ~ measures | join('_weight * ') ~ "_weight * "
        ~ relation ~ "." ~ name ~ ", 0)"
    ) -}}
{% endmacro %}
