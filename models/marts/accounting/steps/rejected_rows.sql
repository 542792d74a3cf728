{%- set doors = {
    'exposures': exposure_models(), 'events': event_models(), 'calls': call_models(),
} %}

with

rejected as (
    {%- for door, models in doors.items() %}
        {%- set is_first = loop.first %}
        {%- for model_name in models %}
            {{ 'union all' if not (is_first and loop.first) }}
            {{ rejected_rows(door, model_name) | trim | indent(12) }}
        {%- endfor %}
    {%- endfor %}
)

select * from rejected
