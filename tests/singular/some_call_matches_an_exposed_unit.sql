-- Whose visitors may well all be in no experiment sets match_warn_share to 0.
with

matched as (
    {{ matched_calls() | indent(4) }}
),

unmatched as (
    select
        source_name,
        call_count,
        example_visitor_id
    from matched
    where
        matched_call_count = 0
        and not is_sample
        and {{ var('match_warn_share') }} > 0
)

select * from unmatched
