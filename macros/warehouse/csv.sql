{% macro is_csv(source) %}
    {{- return(modules.re.search('\\.(csv|tsv|txt)(\\.gz)?$', source) is not none) -}}
{% endmacro %}


{#- How CSV files are read, as options of DuckDB's. Whatever isn't said it would guess, and silently leave out lines
    that don't fit its guess. has_header: whether the first line is not to be read as others are; encoding: text, if
    not that of the var csv_encoding. -#}
{% macro csv_options(delimiter, has_header=true, encoding=none) %}
    {{- return(
        "header = " ~ has_header | lower ~ ", delim = " ~ experiment_metrics.string_literal(delimiter) ~ ", quote = '\"', escape = '\"',"
        ~ " skip = 0, comment = '', encoding = " ~ experiment_metrics.string_literal(encoding or var('csv_encoding'))
    ) -}}
{% endmacro %}


{#- What separates the cells of a CSV file: what the var csv_delimiter says, or else a tab in .tsv, and in others
    whichever of , ; tab and | is in the first line most often. path: text, a path or a pattern. -#}
{% macro csv_delimiter(path) %}
    {%- set declared = experiment_metrics.declared_delimiter() -%}
    {%- if declared -%}{{- return(declared) -}}{%- endif -%}
    {%- if modules.re.search('\\.tsv(\\.gz)?$', path) -%}{{- return('\t') -}}{%- endif -%}
    {%- set found = namespace(delimiter=',', count=0) -%}
    {%- set header = experiment_metrics.first_line(path) if execute else '' -%}
    {%- for delimiter in [',', ';', '\t', '|'] -%}
        {%- set count = experiment_metrics.csv_cells(header, delimiter) | length -%}
        {%- if count > found.count -%}
            {%- set found.delimiter = delimiter -%}{%- set found.count = count -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found.delimiter) -}}
{% endmacro %}


{#- The character that the var csv_delimiter names; none where it names none. -#}
{% macro declared_delimiter() %}
    {{- return({'comma': ',', 'semicolon': ';', 'tab': '\t', 'bar': '|'}.get(var('csv_delimiter'))) -}}
{% endmacro %}


{#- The first line of a CSV file, of the first one where a pattern matches several; empty where there is none.
    Lines may end otherwise within quotes, as those of a spreadsheet do, which strict mode refuses.
    encoding: text, if not that of the var csv_encoding. -#}
{% macro first_line(path, encoding=none) %}
    {% set files = run_query("select min(file) from glob(" ~ experiment_metrics.string_literal(path) ~ ")") %}
    {% if not files[0][0] %}{{ return('') }}{% endif %}
    {% set lines = run_query(
        "select line from read_csv("
        ~ experiment_metrics.string_literal(experiment_metrics.literal_path(files[0][0]))
        ~ ", header = false, auto_detect = false,"
        ~ " delim = E'\\x01', quote = '', escape = '', skip = 0, comment = '', ignore_errors = true,"
        ~ " strict_mode = false, encoding = " ~ experiment_metrics.string_literal(encoding or var('csv_encoding'))
        ~ ", columns = {'line': 'varchar'}) limit 1"
    ) %}
    {{ return(lines[0][0] or '' if lines else '') }}
{% endmacro %}


{#- The cells of a line of CSV, without their quotes and the white space around them. -#}
{% macro csv_cells(line, delimiter) %}
    {% set mark = modules.re.escape(delimiter) %}
    {% set cells = [] %}
    {% for quoted, bare in modules.re.findall(
        '(?:^|' ~ mark ~ ') *(?:"((?:[^"]|"")*)"|([^' ~ mark ~ ']*))', line
    ) %}
        {% do cells.append((quoted | replace('""', '"') or bare) | trim) %}
    {% endfor %}
    {{ return(cells) }}
{% endmacro %}


{#- The text of a number, as SQL, with a point for the decimal mark that the var csv_decimal says. -#}
{% macro decimal_text(text) %}
    {%- if var('csv_decimal') == ',' -%}{{- return("replace(" ~ text ~ ", ',', '.')") -}}{%- endif -%}
    {{- return(text) -}}
{% endmacro %}
