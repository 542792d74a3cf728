{#- What a metric may be measured in, by its argument `unit`. Money is whole minor units of the var `currency`,
    such as cents; a share is between 0 and 1; a count and a number are anything else, whole or not. -#}
{% macro metric_units() %}
    {{- return([
        'share', 'count', 'number', 'money', 'milliseconds', 'seconds', 'minutes', 'hours', 'days'
    ]) -}}
{% endmacro %}


{#- What a metric is measured in: what it says, else what its type usually is, else what its value
    shows: the column revenue is money. metric: dict, a definition whose arguments are right. -#}
{% macro unit_of_metric(metric) %}
    {%- set type = experiment_metrics.metric_types()[metric.unit_value or metric.type] -%}
    {%- set shown = 'money' if (metric.value or '') | trim == 'revenue' else 'number' -%}
    {{- return(metric.unit or type.unit or type.usual_unit or shown) -}}
{% endmacro %}


{#- Raises where a metric claims another unit than its type always has: hours are not minutes, whatever
    they are called. -#}
{% macro check_unit(arguments) %}
    {% set always = experiment_metrics.metric_types()[arguments.type].unit %}
    {% if always and arguments.unit and arguments.unit != always %}
        {% do experiment_metrics.metric_error(
            "'unit' is '" ~ arguments.unit ~ "', but the type " ~ arguments.type
            ~ " is always measured in: " ~ always ~ "."
        ) %}
    {% endif %}
{% endmacro %}


{#- What dim_metrics says of the money that a metric is measured in: the currency, none where it is not
    known, and by how many decimals its major unit is larger. unit: text, one of metric_units. -#}
{% macro money_facts(unit) %}
    {%- set is_money = unit == 'money' -%}
    {%- set currency = var('currency') if is_money else none -%}
    {{- return({
        'currency': currency or none,
        'currency_decimals': experiment_metrics.currencies().get(currency, 2) if is_money else none,
    }) -}}
{% endmacro %}
