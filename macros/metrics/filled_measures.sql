{#- The measures of a unit from what is observed of it: a unit that did nothing has the default, one that
    did nothing before its exposure has it too. Reads metrics and covariates (rows of dim_metrics and of
    observed_metrics). observation, denominator: text, what is observed, null if nothing. -#}
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


{#- The measures of a unit, null where its metric says nothing about it. is_counted: text, the condition
    under which it may count at all. -#}
{% macro counted_measures(is_counted='true') %}
    {%- for measure in experiment_metrics.moment_measures() %}
        case
            when
                {{ is_counted }}
                and observation is not null
                and not (drops_zero_denominator and coalesce(denominator, 0) = 0)
                then {{ measure }}
        end as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
