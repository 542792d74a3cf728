with

comparisons as (
    select * from {{ ref('comparisons') }}
    where estimator <> 'covariate'
),

levels as (
    {% for each in confidence_levels() %}
        select
            {{ double_literal(each.level) }} as confidence_level,
            {{ double_literal(each.alpha) }} as alpha,
            {{ each.is_chosen | lower }} as is_chosen_level
        {% if not loop.last %}
            union all
        {% endif %}
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
