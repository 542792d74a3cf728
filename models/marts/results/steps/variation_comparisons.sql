with

pairs as (
    select * from {{ ref('variation_pairs') }}
),

{{ compare_pairs('pairs') }}

select * from comparisons
