{#- A query that counts the staged rows that are in no unit's attribution window, by reason.
    staged: the staging model; attributed: what attribute_to_units made of it;
    key: text, the column that identifies a row in both; is_bot: text, the SQL condition of a row
    that no person caused. -#}
{% macro unattributed_rows(staged, attributed, key, is_bot='false') %}
select
    source_name,
    reason,
    count(*) as row_count,
    min({{ key }}) as example_id
from (
    select
        staged.source_name,
        staged.{{ key }},
        case
            when outcomes.is_used = 1 then null
            when {{ is_bot }} then 'bot'
            when excluded_visitors.visitor_id is not null then 'excluded_visitor'
            when staged.occurred_at > clock.as_of_at then 'after_as_of'
            when outcomes.{{ key }} is null then 'not_exposed'
            when outcomes.is_before_exposure = 1 then 'before_exposure'
            else 'after_window'
        end as reason
    from {{ staged }} as staged
    left join (
        select
            {{ key }},
            max(case when is_in_window then 1 else 0 end) as is_used,
            min(case when occurred_at < exposed_at then 1 else 0 end) as is_before_exposure
        from {{ attributed }}
        group by {{ key }}
    ) as outcomes on staged.{{ key }} = outcomes.{{ key }}
    left join {{ ref('stg_excluded_visitors') }} as excluded_visitors
        on staged.visitor_id = excluded_visitors.visitor_id
    cross join {{ ref('analysis_clock') }} as clock
) as row_reasons
where reason is not null
group by source_name, reason
{% endmacro %}
