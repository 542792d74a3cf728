{#- The name of the pool of a variation, by the var pooled_variations; something else if it is in none.
    variation_id: text, SQL; otherwise: text, SQL, the id itself if not given. -#}
{% macro pooled_variation(variation_id, otherwise=none) %}
    {%- set pools = experiment_metrics.variation_pools() -%}
    {%- set otherwise = otherwise or variation_id -%}
    {%- if pools %}
        case {{ variation_id }}
            {%- for name, ids in pools.items() %}
                {%- for id in ids %}
            when {{ experiment_metrics.string_literal(id) }} then {{ experiment_metrics.string_literal(name) }}
                {%- endfor %}
            {%- endfor %}
            else {{ otherwise }}
        end
    {%- else %}{{ otherwise }}
    {%- endif %}
{%- endmacro %}


{#- The pools of the var pooled_variations; none where it is not what it should be, of which check_settings
    speaks, and which dbt would fail on before that. -#}
{% macro variation_pools() %}
    {{- return(var('pooled_variations') if experiment_metrics.are_pools(var('pooled_variations')) else {}) -}}
{% endmacro %}


{#- A query that gives one row per variation of a pool: variation_id and pool_name. -#}
{% macro pool_members() %}
    {%- set pools = experiment_metrics.variation_pools() -%}
    {%- for name, ids in pools.items() %}
{{- '\nunion all\n' if not loop.first }}
select variation_id, {{ experiment_metrics.string_literal(name) }} as pool_name
from (
    {{- experiment_metrics.text_rows(ids, 'variation_id') | indent(4) }}
) as members
    {%- else %}
select
    cast(null as {{ dbt.type_string() }}) as variation_id,
    cast(null as {{ dbt.type_string() }}) as pool_name
where false
    {%- endfor -%}
{% endmacro %}
