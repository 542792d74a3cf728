{#- Fails for every line of the settings of which no exposure knows. Where Optimizely's export is not read, the
    lines of the sample may stay.
    columns: list of text, those that a line and its exposures have in common. -#}
{% test has_exposures(model, columns) %}
select
    {{ columns | join(',\n    ') }}
from {{ model }} as settings
where
    {{ experiment_metrics.is_no_sample_line('settings.experiment_id') }}
    and not exists (
        select 1 from {{ ref('all_exposures') }} as exposures
        where
            {{ experiment_metrics.same_columns('exposures', 'settings', columns) }}
    )
{% endtest %}
