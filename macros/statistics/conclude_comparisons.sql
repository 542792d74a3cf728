{#- CTEs that end in `results`: the comparisons with adjusted p-values, verdicts and reasons.
    comparisons: text, a CTE that compare_pairs made; family: list of text, the columns of what is
    adjusted together; keys: list of text, as in compare_pairs. -#}
{% macro conclude_comparisons(comparisons, family, keys=[]) %}
    {%- set alpha = experiment_metrics.setting_literal('alpha') -%}
{{ experiment_metrics.adjust_p_values(comparisons, family) }},

{{ experiment_metrics.guard_lifts('adjusted_p_values') }},

concluded as (
    select
        guarded_lifts.*,
        adjusted_p_value < {{ alpha }} as is_significant,
        sequential_p_value < {{ alpha }} as is_sequentially_significant,
        {{ experiment_metrics.status_reason() }} as status_reason
    from guarded_lifts
),

results as (
    select
        {{ experiment_metrics.result_columns(keys) | join(',\n        ') }}
    from concluded
)
{%- endmacro %}
