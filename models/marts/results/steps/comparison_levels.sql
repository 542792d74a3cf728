{#- 1 - 0.95 is a last digit more than 0.05. -#}
{%- set chosen = (1 - var('alpha')) | round(15) -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
    where estimator <> 'covariate'
),

levels as (
    select
        {{ double_literal(chosen) }} as confidence_level,
        {{ setting_literal('alpha') }} as alpha,
        true as is_chosen_level
    {% for level in var('confidence_levels') if level | round(15) != chosen %}
        union all
        select
            {{ double_literal(level) }} as confidence_level,
            {{ double_literal((1 - level) | round(15) or 1 - level) }} as alpha,
            false as is_chosen_level
    {% endfor %}
),

-- Levels beside the chosen one are for the whole experiment.
comparison_levels as (
    select
        comparisons.comparison_id,
        levels.confidence_level,
        levels.alpha,
        levels.is_chosen_level
    from comparisons
    inner join levels
        on levels.is_chosen_level or comparisons.slice_type = 'experiment'
)

select * from comparison_levels
