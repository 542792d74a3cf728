{#- Fails for every row for which an expression is false or null: where a null is right, the
    expression says so.
    expression: text, a SQL condition over the model's columns. -#}
{% test expression_is_true(model, expression) %}
select *
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
