{#- CTEs that end in `tested_lifts`: the p-value of Welch's test, and the quantiles of the t and normal
    distributions that intervals are made of. The p-value is that of the absolute lift; the relative
    lift has none of its own.
    row_key: list of text, the columns that identify a row of measured_lifts. -#}
{% macro test_lifts(row_key) %}
p_values as (
    {{ experiment_metrics.student_t_two_sided_p(
        'measured_lifts', row_key + ['degrees_of_freedom'], t='t_statistic',
        df='degrees_of_freedom', result='p_value'
    ) | trim | indent(4) }}
),

t_tests as (
    {{ experiment_metrics.student_t_two_sided_quantile(
        'p_values', row_key + ['p_value'], alpha=experiment_metrics.setting_literal('alpha'),
        df='degrees_of_freedom', result='t_quantile'
    ) | trim | indent(4) }}
),

tested_lifts as {{ experiment_metrics.materialized() }} (
    select
        measured_lifts.*,
        t_tests.p_value,
        t_tests.t_quantile,
        {{ experiment_metrics.normal_isf(experiment_metrics.setting_literal('alpha') ~ ' / 2e0') }} as z_quantile
    from measured_lifts
    inner join t_tests
        on
            {{ experiment_metrics.same_columns('measured_lifts', 't_tests', row_key) }}
)
{%- endmacro %}
