with

unit_days as (
    select * from {{ ref('variation_unit_days') }}
),

cuts as (
    select
        experiment_id,
        exposed_date as last_date,
        variation_id,
        variation_name,
        cast(cumulative_unit_count as {{ type_double() }}) as early_count,
        cast(total_unit_count as {{ type_double() }}) as unit_count,
        cast(sum(cumulative_unit_count) over cut as {{ type_double() }}) as all_early_count,
        cast(sum(total_unit_count) over cut as {{ type_double() }}) as all_count
    from unit_days
    window cut as (partition by experiment_id, exposed_date)
),

shares as (
    select
        experiment_id,
        last_date,
        variation_id,
        variation_name,
        early_count / all_early_count as share_before,
        (unit_count - early_count) / (all_count - all_early_count) as share_after,
        unit_count / all_count as share_overall,
        all_early_count,
        all_count - all_early_count as all_late_count
    from cuts
    where all_early_count > 0 and all_early_count < all_count
),

-- Two shares are compared where the variation and the others should have 5 units before and after.
tested as (
    select
        experiment_id,
        last_date,
        variation_id,
        variation_name,
        share_before,
        share_after,
        (share_before - share_after) / sqrt(
            share_overall * (1 - share_overall) * (1 / all_early_count + 1 / all_late_count)
        ) as z_score
    from shares
    where
        share_overall * all_early_count >= 5
        and share_overall * all_late_count >= 5
        and (1 - share_overall) * all_early_count >= 5
        and (1 - share_overall) * all_late_count >= 5
),

changes as (
    select
        experiment_id,
        last_date,
        variation_id,
        variation_name,
        share_before,
        share_after,
        {{ normal_two_sided_p('z_score') }} as p_value
    from tested
)

select * from changes
