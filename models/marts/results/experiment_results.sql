with

comparisons as (
    select * from {{ ref('variation_comparisons') }}
),

{{ conclude_comparisons('comparisons', family=['experiment_id']) }}

select * from results
