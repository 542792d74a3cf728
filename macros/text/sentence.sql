{#- A text with columns in it, as SQL: "{crossover_count} of {unit_count} units ({value:%})". The one way in
    which the project puts texts and numbers together. What follows the colon is the form of the column:
    nothing, a whole number; a digit, as many decimals; %, a percentage; p, a p-value with its sign; date;
    text, without what a terminal would obey. A + before the digit or the % is the number's sign. White
    space is one space, and what is null a question mark. -#}
{% macro sentence(template) %}
    {%- set parts = [] -%}
    {%- set text = modules.re.sub('\\s+', ' ', template) -%}
    {%- for part in modules.re.split('(\\{[^{}]+\\})', text) if part -%}
        {%- if part.startswith('{') -%}
            {%- set column, _, form = part[1:-1].partition(':') -%}
            {%- do parts.append("coalesce(" ~ experiment_metrics.written_column(column, form) ~ ", '?')") -%}
        {%- else -%}
            {%- do parts.append(experiment_metrics.string_literal(part)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(parts | join(' || ')) -}}
{% endmacro %}


{#- A column as text, in one of the forms of sentence. -#}
{% macro written_column(column, form) %}
    {%- if form == 'text' -%}{{- return(experiment_metrics.printable(column)) -}}
    {%- elif form == 'date' -%}{{- return(experiment_metrics.to_text("cast(" ~ column ~ " as date)")) -}}
    {%- elif form == '%' -%}{{- return(experiment_metrics.number_text("100e0 * " ~ column, 2) ~ " || '%'") -}}
    {%- elif form.startswith('+') -%}{{- return(experiment_metrics.signed_column(column, form[1:])) -}}
    {%- elif form == 'p' -%}
        {{- return(
            "case when " ~ column ~ " < 0.0001e0 then '< 0.0001' else '= ' || "
            ~ experiment_metrics.number_text(column, 4) ~ " end"
        ) -}}
    {%- endif -%}
    {{- return(experiment_metrics.number_text(column, (form or 0) | int)) -}}
{% endmacro %}


{#- A number with its sign, in the form of a digit or %. One that is too large for a decimal is written as
    the warehouse writes it, a share as so many times. -#}
{% macro signed_column(column, form) %}
    {%- set giant = experiment_metrics.to_text(column) ~ (" || ' times'" if form == '%' else "") -%}
    {{- return(
        "case when " ~ column ~ " > 0 then '+' else '' end || case when abs(" ~ column ~ ") < 1e15 then "
        ~ experiment_metrics.written_column(column, form) ~ " else " ~ giant ~ " end"
    ) -}}
{% endmacro %}
