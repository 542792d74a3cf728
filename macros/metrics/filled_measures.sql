{#- The measures of a unit from what is observed of it: a unit that did nothing has the default, one
    that did nothing before its exposure has it too. Reads metrics and covariates (rows of
    dim_metrics and of observed_metrics). observation, denominator: text, what is observed, null if
    nothing. -#}
{% macro filled_measures(observation, denominator) %}
        coalesce({{ observation }}, metrics.default_value) as observation,
        case when metrics.is_ratio then coalesce({{ denominator }}, 0) end as denominator,
        case
            when metrics.has_covariate
                then coalesce(covariates.observation, metrics.default_value, 0)
        end as covariate,
        case
            when metrics.has_covariate and metrics.is_ratio
                then coalesce(covariates.denominator, 0)
        end as covariate_denominator
{%- endmacro %}


{#- Whether a unit counts for its metric: it has an observation, and a denominator if it needs one.
    relation: text, of the measures and drops_zero_denominator. -#}
{% macro is_counted(relation) %}
    {{- return(
        relation ~ ".observation is not null\n        and not ("
        ~ relation ~ ".drops_zero_denominator and coalesce(" ~ relation ~ ".denominator, 0) = 0)"
    ) -}}
{% endmacro %}
