{#- A text with columns in it, as SQL: "{crossover_count} of {unit_count} units ({value:%})". What
    follows the colon says how the column is written: nothing, as a whole number; a digit, with as
    many decimals; %, as a percentage; p, as a p-value with its sign; date; text. White space is
    one space. -#}
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


{% macro written_column(column, form) %}
    {%- if form == 'text' -%}{{- return(experiment_metrics.printable(column)) -}}
    {%- elif form == 'date' -%}{{- return(experiment_metrics.to_text("cast(" ~ column ~ " as date)")) -}}
    {%- elif form == '%' -%}{{- return(experiment_metrics.number_text("100e0 * " ~ column, 2) ~ " || '%'") -}}
    {%- elif form == 'p' -%}
        {{- return(
            "case when " ~ column ~ " < 0.0001e0 then '< 0.0001' else '= ' || "
            ~ experiment_metrics.number_text(column, 4) ~ " end"
        ) -}}
    {%- endif -%}
    {{- return(experiment_metrics.number_text(column, (form or 0) | int)) -}}
{% endmacro %}
