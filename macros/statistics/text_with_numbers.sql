{#- A text with numbers in it: pieces, of which every other one is a SQL expression. -#}
{% macro text_with_numbers() %}
    {%- set parts = [] -%}
    {%- for piece in varargs -%}
        {%- do parts.append(
            experiment_metrics.string_literal(piece) if loop.index0 % 2 == 0 else experiment_metrics.to_text(piece)
        ) -%}
    {%- endfor -%}
    {{- return(parts | join(' || ')) -}}
{% endmacro %}
