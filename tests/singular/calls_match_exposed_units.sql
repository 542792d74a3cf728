{{ config(severity='warn') }}

with

matched as (
    {{ matched_calls() | indent(4) }}
),

too_few as (
    select
        source_name,
        call_count,
        matched_call_count,
        example_visitor_id
    from matched
    where
        matched_call_count < {{ var('match_warn_share') }} * call_count
        and (
            matched_call_count > 0
            -- Beside other data than the sample's, a test of all its lines warns of them.
            or (is_sample and {{ has_sample_exposures() }})
        )
)

select * from too_few
