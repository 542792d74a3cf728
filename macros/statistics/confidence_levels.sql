{#- The levels of intervals, as a list of dicts with level, alpha and is_chosen: first that of the results,
    1 - alpha, then those of the var confidence_levels; these only where they are what check_settings lets
    pass, since a model is parsed before it is called. -#}
{% macro confidence_levels() %}
    {%- set alpha = var('alpha') | float -%}
    {#- 1 - 0.95 is a last digit more than 0.05. -#}
    {%- set chosen = (1 - alpha) | round(15) -%}
    {%- set levels = [{'level': chosen, 'alpha': alpha, 'is_chosen': true}] -%}
    {%- if experiment_metrics.are_confidence_levels(var('confidence_levels')) -%}
        {%- for level in var('confidence_levels') if level | round(15) != chosen -%}
            {%- do levels.append({
                'level': level, 'alpha': (1 - level) | round(15) or 1 - level, 'is_chosen': false,
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(levels) -}}
{% endmacro %}
