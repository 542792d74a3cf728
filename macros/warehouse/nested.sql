{#- The value of a key in a row's tags; null where the row has no such tag. For metric filters. -#}
{% macro tag(key, column='tags') %}
    {{- return(adapter.dispatch('tag', 'experiment_metrics')(key, column)) -}}
{% endmacro %}


{#- A query that gives one row per element of a relation's list of attributes.
    relation: text, a CTE; columns: list of text, what to carry along; column: text, the list, whose
    elements become attribute_name, attribute_type, attribute_value. -#}
{% macro unnest_attributes(relation, columns, column='attributes') %}
    {{- return(
        adapter.dispatch('unnest_attributes', 'experiment_metrics')(relation, columns, column)
    ) -}}
{% endmacro %}


{#- A query that gives one row per tag of a relation's rows: tag_name, tag_value.
    relation: text, a CTE; columns: list of text, what to carry along; column: text, the tags. -#}
{% macro unnest_tags(relation, columns, column='tags') %}
    {{- return(adapter.dispatch('unnest_tags', 'experiment_metrics')(relation, columns, column)) -}}
{% endmacro %}


{#- A query that gives one row per word of a relation's text, words separated by spaces.
    relation: text, a CTE; columns: list of text, what to carry along; column: text, the text. -#}
{% macro unnest_words(relation, columns, column) %}
    {{- return(
        adapter.dispatch('unnest_words', 'experiment_metrics')(relation, columns, column)
    ) -}}
{% endmacro %}


{#- A list, or texts by key, in an order of their own: what is equal but for the order is equal then. -#}
{% macro sorted_list(expression) %}
    {{- return(adapter.dispatch('sorted_list', 'experiment_metrics')(expression)) -}}
{% endmacro %}


{% macro sorted_tags(expression) %}
    {{- return(adapter.dispatch('sorted_tags', 'experiment_metrics')(expression)) -}}
{% endmacro %}
