with

experiments as (
    select * from {{ ref('stg_experiments') }}
    where {{ is_checked_setting() }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

tags as (
    {{ unnest_words('experiments', ['experiment_id'], 'metric_tags') | trim | indent(4) }}
),

unknown as (
    select
        tags.experiment_id,
        tags.word as unknown_tag
    from tags
    left join metrics on {{ shares_a_word('tags.word', 'metrics.tags') }}
    where metrics.metric_name is null
)

select * from unknown
