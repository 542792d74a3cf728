{#- Student's t distribution with df degrees of freedom, a real number of at least 1. Its functions
    are queries, not expressions: what one CTE computes, the next uses several times.

    With a = df/2, q = t^2/df and xi = ln(1 + q) the two-sided p-value is the incomplete beta
    function I_x(a, 1/2), x = exp(-xi). Twelve steps of its recurrence in a, and an asymptotic
    expansion at a + 12 in powers of 1/w^2, w = a + 12 - 1/4, give

        p = exp(-a xi) P,  P = sqrt(1 - x) G H / sqrt(pi) + exp(-11.75 xi) (2 M(z) + R)

    with G = Gamma(a + 1/2) / Gamma(a + 1), Mills' ratio M and z = sqrt(2 w xi). H sums the twelve
    steps, R is what is left of the expansion. docs/statistics/special_functions.md derives it. -#}


{#- A query: columns of a relation, and P(abs(T) > abs(t)). Relative error below 1e-11 for df to
    2e12 and p > 1e-290, 0 where p is less than about 1e-300; null where an argument is null or out
    of its domain: df < 1, abs(t) > 1e150.
    relation: text, a CTE; columns: list of text, what to carry along; t, df: text. -#}
{% macro student_t_two_sided_p(relation, columns, t, df, result='p_value') %}
{%- do experiment_metrics.check_student_t_columns(columns) -%}
{%- set carried = columns | join(',\n        ') -%}
with t_arguments as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        {{ experiment_metrics.student_t_half_df(df) }} as t_a,
        case
            when abs({{ t }}) < 1e-20 then 0e0
            when abs({{ t }}) <= 1e150 then cast({{ t }} as {{ experiment_metrics.type_double() }}) * {{ experiment_metrics.operand(t) }}
        end as t_square
    from {{ relation }}
),

ratios as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_square / (2e0 * t_a) as t_q
    from t_arguments
),

exponents as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_q,
        {{ experiment_metrics.log1p('t_q') }} as t_xi,
        {{ experiment_metrics.gamma_ratio('t_a') }} as t_gamma_ratio
    from ratios
),

terms as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_q,
        t_gamma_ratio,
        {{ experiment_metrics.student_t_terms() }}
    from exponents
),

scaled as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a * t_xi as t_exponent,
        {{ experiment_metrics.student_t_scaled_p() }} as t_scaled_p
    from terms
)

select
    {{ columns | join(',\n    ') }},
    t_scaled_p * {{ experiment_metrics.decay('t_exponent') }} as {{ result }}
from scaled
{% endmacro %}


{#- A query: columns of a relation, and the t > 0 with P(abs(T) > t) = alpha. Relative error below
    1e-9 for alpha from 1e-100 to 0.999999; null where an argument is null or out of its domain:
    df < 1, any other alpha.
    Two steps of Halley's method take ln p(xi) to ln alpha. They start from the first terms of p in
    powers of x or, where x would not be small, from the normal distribution.
    relation: text, a CTE; columns: list of text, what to carry along; alpha, df: text. -#}
{% macro student_t_two_sided_quantile(relation, columns, alpha, df, result='t_quantile') %}
{%- do experiment_metrics.check_student_t_columns(columns) -%}
{%- set carried = columns | join(',\n        ') -%}
with t_arguments as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        {{ experiment_metrics.student_t_half_df(df) }} as t_a,
        case
            when {{ experiment_metrics.operand(alpha) }} between 1e-100 and 0.999999e0
                then cast({{ alpha }} as {{ experiment_metrics.type_double() }})
        end as t_alpha
    from {{ relation }}
),

logarithms as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        ln(t_alpha) as t_log_alpha,
        {{ experiment_metrics.gamma_ratio('t_a') }} as t_gamma_ratio,
        {{ experiment_metrics.normal_isf('t_alpha / 2e0') }} as t_normal
    from t_arguments
),

powers as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        t_normal,
        -- Where the first term of p, x^a G / sqrt(pi), is alpha; the number is ln(sqrt(pi)).
        (ln(t_gamma_ratio) - 0.5723649429247001e0 - t_log_alpha) / t_a as t_first_xi
    from logarithms
),

solution_0 as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        case
            when t_first_xi > 0.7e0
                then t_first_xi + 0.5e0 * {{ experiment_metrics.decay('t_first_xi') }} / (t_a + 1e0)
            else 0.5e0 * t_normal * t_normal / (t_a - 0.2e0)
        end as t_xi
    from powers
),
{% for step in (1, 2) %}
{{ experiment_metrics.student_t_halley_step(carried, step) }}
{% endfor %}
ratios as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        {{ experiment_metrics.expm1('t_xi') }} as t_q
    from solution_2
)

select
    {{ columns | join(',\n    ') }},
    sqrt(2e0 * t_a * t_q) as {{ result }}
from ratios
{% endmacro %}


{#- CTEs that take solution_<step - 1> to solution_<step>: one step of Halley's method for the zero
    of f(xi) = ln p(xi) - ln alpha, whose derivative is -h, h' = h (h - a - 1/(2 q)). -#}
{% macro student_t_halley_step(carried, step) %}
terms_{{ step }} as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        {{ experiment_metrics.expm1('t_xi') }} as t_q,
        {{ experiment_metrics.student_t_terms() }}
    from solution_{{ step - 1 }}
),

scaled_{{ step }} as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        t_q,
        t_xi,
        {{ experiment_metrics.student_t_scaled_p() }} as t_scaled_p
    from terms_{{ step }}
),

slopes_{{ step }} as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        t_q,
        t_xi,
        ln(t_scaled_p) - t_a * t_xi - t_log_alpha as t_f,
        t_a * t_gamma_ratio
        / (sqrt(3.141592653589793e0 * t_q / (1e0 + t_q)) * t_scaled_p) as t_h
    from scaled_{{ step }}
),

solution_{{ step }} as {{ experiment_metrics.materialized() }} (
    select
        {{ carried }},
        t_a,
        t_log_alpha,
        t_gamma_ratio,
        t_xi + 2e0 * t_f / (2e0 * t_h + t_f * (t_h - t_a - 0.5e0 / t_q)) as t_xi
    from slopes_{{ step }}
),
{% endmacro %}


{#- The names that the queries give to columns of their own. -#}
{% macro student_t_own_columns() %}
    {{- return([
        't_a', 't_alpha', 't_exponent', 't_f', 't_first_xi', 't_gamma_ratio', 't_h', 't_log_alpha',
        't_normal', 't_q', 't_scaled_p', 't_square', 't_v', 't_x', 't_x_shifted', 't_xi', 't_y',
        't_z',
    ]) -}}
{% endmacro %}


{#- Stops where a column to carry along would be taken for one of the query's own. -#}
{% macro check_student_t_columns(columns) %}
    {%- for column in columns if column | lower in experiment_metrics.student_t_own_columns() -%}
        {{ exceptions.raise_compiler_error(
            "Student's t can't carry the column " ~ column ~ ", it has one of that name itself: "
            ~ "give it another name."
        ) }}
    {%- endfor -%}
{% endmacro %}


{#- a = df/2; more than 1e20 degrees of freedom are as good as 1e20. -#}
{% macro student_t_half_df(df) %}
    {%- set df = experiment_metrics.operand(df) -%}
    {{- return(
        "case when " ~ df ~ " >= 1 and " ~ experiment_metrics.is_finite(df) ~ " then least(" ~ df ~ ", 1e20) / 2e0 end"
    ) -}}
{% endmacro %}


{#- The columns that student_t_scaled_p reads besides t_a, t_q and t_gamma_ratio. -#}
{% macro student_t_terms() %}
        t_xi,
        {{ experiment_metrics.decay('t_xi') }} as t_x,
        {{ experiment_metrics.decay('11.75e0 * t_xi') }} as t_x_shifted,
        (t_a + 11.75e0) * t_xi as t_y,
        sqrt(2e0 * (t_a + 11.75e0) * t_xi) as t_z,
        1e0 / ((t_a + 11.75e0) * (t_a + 11.75e0)) as t_v
{%- endmacro %}


{#- P = p exp(a xi), which keeps its digits where p itself is tiny. It falls from 1 as xi grows.
    Not null where its columns are: what is made of it must be null for their sake. -#}
{% macro student_t_scaled_p() %}
    {{- return(
        "least(1e0, sqrt(t_q / (1e0 + t_q) / 3.141592653589793e0) * t_gamma_ratio * "
        ~ experiment_metrics.student_t_recurrence() ~ " + t_x_shifted * (2e0 * " ~ experiment_metrics.mills('t_z') ~ " + "
        ~ experiment_metrics.student_t_remainder() ~ "))"
    ) -}}
{% endmacro %}


{#- H = 1 + x (a + 1/2)/(a + 1) (1 + x (a + 3/2)/(a + 2) (...)), twelve terms. -#}
{% macro student_t_recurrence() %}
    {%- set series = namespace(sql='1e0') -%}
    {%- for step in range(11, 0, -1) -%}
        {%- set series.sql = "(1e0 + t_x * (t_a + " ~ experiment_metrics.double_literal(step - 0.5)
            ~ ") / (t_a + " ~ experiment_metrics.double_literal(step) ~ ") * " ~ series.sql ~ ")" -%}
    {%- endfor -%}
    {{- return(series.sql) -}}
{% endmacro %}


{#- R = sqrt(y/pi) B/A, with y = w xi and v = 1/w^2: what the expansion adds to the normal tail. -#}
{% macro student_t_remainder() %}
    {%- set c = experiment_metrics.special_function_coefficients('sinh_expansion') -%}
    {%- set b = experiment_metrics.special_function_coefficients('sinh_expansion_tails') -%}
    {%- set a = experiment_metrics.special_function_coefficients('sinh_expansion_integral') -%}
    {%- set series = namespace(sql='0e0') -%}
    {%- for k in range(c | length - 1, 0, -1) -%}
        {%- set series.sql = "t_v * (" ~ experiment_metrics.double_literal(c[k]) ~ " * " ~ experiment_metrics.horner('t_y', b[k])
            ~ " + " ~ series.sql ~ ")" -%}
    {%- endfor -%}
    {{- return(
        "sqrt(t_y / 3.141592653589793e0) * " ~ series.sql ~ " / " ~ experiment_metrics.horner('t_v', a)
    ) -}}
{% endmacro %}
