{#- Text as a SQL literal: whatever it holds stays data. Characters that end a line are written by their number, since
    indenting the SQL would change them, and a NUL would end it. -#}
{% macro string_literal(text) %}
    {%- set found = namespace(literal="'" ~ (text | string | replace("'", "''")) ~ "'") -%}
    {%- for code in [0, 10, 11, 12, 13, 28, 29, 30, 133, 8232, 8233] -%}
        {%- set found.literal = found.literal | replace('%c' % code, "' || chr(" ~ code ~ ") || '") -%}
    {%- endfor -%}
    {{- return(found.literal) -}}
{% endmacro %}


{#- A path as a pattern that matches it alone: what would match other files stays a character of it. -#}
{% macro literal_path(path) %}
    {{- return(path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')) -}}
{% endmacro %}


{#- Whether a text is null, empty or nothing but white space, by Unicode's notion of it. -#}
{% macro is_blank(expression) %}
    {{- return(adapter.dispatch('is_blank', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A text without the white space around it, by Unicode's notion of it. -#}
{% macro trimmed(expression) %}
    {{- return(adapter.dispatch('trimmed', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- What texts that differ by case or white space alone have in common. -#}
{% macro likeness_key(expression) %}
    {{- return(adapter.dispatch('likeness_key', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- Whether a text matches one of several case-insensitive LIKE patterns; null matches none. -#}
{% macro matches_any_pattern(expression, patterns) %}
    {%- set tests = [] -%}
    {%- for pattern in patterns -%}
        {%- do tests.append(
            "lower(coalesce(" ~ expression ~ ", '')) like " ~ experiment_metrics.string_literal(pattern | lower)
        ) -%}
    {%- endfor -%}
    {{- return("(" ~ (tests | join("\n            or ") or "false") ~ ")") -}}
{% endmacro %}


{#- Any value as text, nested ones included; equal values give equal texts. -#}
{% macro to_text(expression) %}
    {{- return("cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")") -}}
{% endmacro %}


{#- An id as text, of whatever type it is: a number without its fraction, where that is zero, as 12 of 12.0; null
    where it isn't, or where the number is too large to be exact. -#}
{% macro to_id(expression) %}
    {{- return(adapter.dispatch('to_id', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- A key made of several columns: a hash that differs where any of them does. -#}
{% macro hash_key(columns) %}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(experiment_metrics.to_text(column)) -%}
    {%- endfor -%}
    {{- return("md5(concat_ws(chr(31), " ~ parts | join(", ") ~ "))") -}}
{% endmacro %}


{#- A text, or null where it is blank. -#}
{% macro blank_to_null(expression) %}
    {{- return("case when not " ~ experiment_metrics.is_blank(expression) ~ " then " ~ expression ~ " end") -}}
{% endmacro %}


{#- Whether two texts, each words separated by single spaces, have a word in common. -#}
{% macro shares_a_word(one, other) %}
    {{- return(adapter.dispatch('shares_a_word', 'experiment_metrics')(one, other)) -}}
{% endmacro %}


{#- A number as text, with so many decimals; null for null. -#}
{% macro number_text(expression, decimals) %}
    {{- return(experiment_metrics.to_text("cast(" ~ expression ~ " as decimal(38, " ~ decimals ~ "))")) -}}
{% endmacro %}


{#- A text in which control characters, and others that show nothing, are question marks: for people
    to read, whatever the data holds. -#}
{% macro printable(expression) %}
    {{- return(adapter.dispatch('printable', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{#- The beginning of a text with x for each letter, so that no name or address stands in it. -#}
{% macro without_letters(expression) %}
    {{- return(adapter.dispatch('without_letters', 'experiment_metrics')(expression)) -}}
{% endmacro %}
