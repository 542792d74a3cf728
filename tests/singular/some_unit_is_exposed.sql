with

units as (
    select * from {{ ref('experiment_units') }}
),

excluded_rows as (
    select * from {{ ref('excluded_rows') }}
    where source_name in (
        {%- for model_name in exposure_models() %}
            {{ string_literal(source_name(model_name)) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
),

unit_counts as (
    select count(*) as unit_count from units
),

-- Where there is none: what became of the exposures instead.
unexposed as (
    select
        unit_counts.unit_count,
        excluded_rows.reason as exposures_excluded_as,
        excluded_rows.row_count as exposure_count,
        excluded_rows.example_id
    from unit_counts
    left join excluded_rows on unit_counts.unit_count = 0
    where unit_counts.unit_count = 0
)

select * from unexposed
