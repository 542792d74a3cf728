"""Mistakes in a metric's arguments, and what the message says of each."""

EVENTS = "source=ref('experiment_events'), "
COUNT = "{'type': 'count'}"
# What a file says after its name, and what the message says of it.
WRONG = {
    "ratio without numerator": (
        EVENTS + "type='ratio', denominator={'type': 'count'}",
        "'numerator' is missing",
    ),
    "part without type": (
        EVENTS + "type='ratio', numerator={'value': '1'}, denominator={'type': 'count'}",
        "numerator: 'type' is missing",
    ),
    "retention without day": (EVENTS + "type='retention'", "'from_day' is missing"),
    "type that is a list": (EVENTS + "type=['count']", "must be one of: conversion, count"),
    "filter that parts have": (
        EVENTS + "type='any_of', where='true', conditions=[{'where': 'true'}, {}]",
        "'where' is not for the type any_of.",
    ),
    "steps of one name": (
        EVENTS + "type='funnel', steps=[{'name': 'a'}, {'name': 'a'}]",
        "each step needs a 'name' of its own",
    ),
    "source that is no relation": (
        "source='experiment_events', type='count'",
        "must be a relation such as ref('experiment_events')",
    ),
    "day of another rollup": (
        EVENTS + "type='unit_count', rollup='daily', start_day=1",
        "'start_day' is for the rollup window only",
    ),
    "rollup without its days": (
        EVENTS + "type='unit_count', rollup='window', start_day=none, end_day=3",
        "the rollup window needs 'start_day'",
    ),
    "unknown argument": (
        EVENTS + "type='conversion', wehre='true'",
        "unknown argument 'wehre'. Did you mean 'where'?",
    ),
    "argument of another type": (
        EVENTS + "type='count', value='revenue'",
        "unknown argument 'value'",
    ),
    "unknown type": (EVENTS + "type='median'", "must be one of: conversion, count, sum"),
    "unknown direction": (
        EVENTS + "type='count', direction='up'",
        "'direction' is 'up', but must be one of: increase, decrease",
    ),
    "unknown unit": (
        EVENTS + "type='count', unit='cents'",
        "'unit' is 'cents', but must be one of: share, count, number, money, milliseconds",
    ),
    "unit that its type never has": (
        EVENTS + "type='time_to', unit='minutes'",
        "'unit' is 'minutes', but the type time_to is always measured in: hours.",
    ),
    "text for a number": (
        EVENTS + "type='count', default_value='none'",
        "'default_value' is 'none', but must be a number",
    ),
    "text for a list": (EVENTS + "type='count', tags='support'", "must be a list of words"),
    "mean without value": (EVENTS + "type='mean'", "'value' is missing"),
    "threshold without threshold": (
        EVENTS + "type='threshold', value='revenue'",
        "'threshold' is missing",
    ),
    "negative window": (
        EVENTS + "type='count', window_hours=-1",
        "'window_hours' is '-1', but must be a number above 0, or 'none' for no end",
    ),
    "two windows": (
        EVENTS + "type='count', window_hours=24, window_days=1",
        "give 'window_hours' or 'window_days', not both",
    ),
    "delay as long as the window": (
        EVENTS + "type='count', window_days=1, delay_hours=24",
        "the delay is as long as the window, which leaves no time in which rows count.",
    ),
    "delay beyond the window": (
        EVENTS + "type='count', window_hours=1, delay_hours=2",
        "the delay is longer than the window",
    ),
    "never mature": (
        EVENTS + "type='count', window_days='none', mature_only=true",
        "'mature_only' needs a window with an end",
    ),
    "no rollup": (
        EVENTS + "type='unit_count'",
        "'rollup' is missing: one of one_time, daily, latest, window",
    ),
    "window of a rollup": (
        EVENTS + "type='unit_count', rollup='daily', window_days=7",
        "'window_days' is not for the type unit_count.",
    ),
    "days in the wrong order": (
        EVENTS + "type='unit_count', rollup='window', start_day=3, end_day=2",
        "'start_day' is after 'end_day'",
    ),
    "retention backwards": (
        EVENTS + "type='retention', from_day=3, to_day=2",
        "'from_day' is after 'to_day'",
    ),
    "unknown argument of a part": (
        EVENTS + f"type='ratio', denominator={COUNT}, numerator={{'type': 'sum', 'values': 'a'}}",
        "numerator: unknown argument 'values'. Did you mean 'value'?",
    ),
    "part without value": (
        EVENTS + f"type='ratio', denominator={COUNT}, numerator={{'type': 'sum'}}",
        "numerator: 'value' is missing",
    ),
    "one condition": (
        EVENTS + "type='all_of', conditions=[{'where': 'true'}]",
        "must be a list of 2 to 20 definitions",
    ),
    "funnel without steps": (EVENTS + "type='funnel'", "'steps' is missing."),
    "funnel of one step": (
        EVENTS + "type='funnel', steps=[{'name': 'view'}]",
        "must be a list of 2 to 20 definitions",
    ),
    "step without a name": (
        EVENTS + "type='funnel', steps=[{'name': 'view'}, {'where': 'true'}]",
        "steps 2: 'name' is missing",
    ),
    "step with no time": (
        EVENTS + "type='funnel', steps=[{'name': 'a'}, {'name': 'b', 'within_hours': 0}]",
        "steps 2: 'within_hours' is '0', but must be a number above 0",
    ),
    "default of a share of days": (
        EVENTS + "type='unit_count', rollup='daily', default_value=0.5",
        "'default_value' of the rollup daily must be 0 or none.",
    ),
    "empty cap": (
        EVENTS + "type='count', cap={}",
        "'cap' is '{}', but must be a dict, such as {'upper_percentile': 0.99}.",
    ),
    "cap that is a number": (EVENTS + "type='count', cap=3", "'cap' is '3', but must be a dict"),
    "cap of nothing": (
        EVENTS + "type='count', cap={'over': 'non_zero'}",
        "cap: give a lower or an upper end.",
    ),
    "unknown key of a cap": (
        EVENTS + "type='count', cap={'uper': 3}",
        "cap: unknown argument 'uper'. Did you mean 'upper'? Allowed: lower, upper,",
    ),
    "two lower ends": (
        EVENTS + "type='count', cap={'lower': 1, 'lower_percentile': 0.1}",
        "cap: give 'lower' or 'lower_percentile', not both.",
    ),
    "two upper ends": (
        EVENTS + "type='count', cap={'upper': 1, 'upper_percentile': 0.1}",
        "cap: give 'upper' or 'upper_percentile', not both.",
    ),
    "lower end above": (
        EVENTS + "type='count', cap={'lower': 2, 'upper': 1}",
        "cap: 'lower' is not below 'upper'.",
    ),
    "lower percentile above": (
        EVENTS + "type='count', cap={'lower_percentile': 0.5, 'upper_percentile': 0.5}",
        "cap: 'lower_percentile' is not below 'upper_percentile'.",
    ),
    "percentile in per cent": (
        EVENTS + "type='count', cap={'upper_percentile': 99}",
        "cap: 'upper_percentile' is '99', but must be a number between 0 and 1.",
    ),
    "over without percentile": (
        EVENTS + "type='count', cap={'upper': 3, 'over': 'non_zero'}",
        "cap: 'over' needs a percentile.",
    ),
    "over something else": (
        EVENTS + "type='count', cap={'upper_percentile': 0.9, 'over': 'zero'}",
        "cap: 'over' is 'zero', but must be one of: all, non_zero.",
    ),
    "cap of a ratio by a value": (
        EVENTS + f"type='ratio', numerator={COUNT}, denominator={COUNT}, cap={{'upper': 4}}",
        "cap: 'upper' is one value for a numerator and a denominator. Give a percentile, or a",
    ),
    "cap that no part uses": (
        EVENTS + "type='ratio', cap={'upper_percentile': 0.9}, numerator={'type': 'conversion'}, "
        "denominator={'type': 'count', 'cap': {'upper': 3}}",
        "'cap' is used by neither part: each has its own, or is 0 or 1.",
    ),
    "window that no part uses": (
        EVENTS + "type='ratio', window_days=3, numerator={'type': 'count', 'window_hours': 1}, "
        "denominator={'type': 'count', 'window_days': 'none'}",
        "'window_days' is used by neither part: each has its own.",
    ),
    "part with two windows": (
        EVENTS + f"type='ratio', denominator={COUNT}, "
        "numerator={'type': 'count', 'window_hours': 1, 'window_days': 3}",
        "numerator: give 'window_hours' or 'window_days', not both.",
    ),
    "part that never ends": (
        EVENTS + f"type='ratio', mature_only=true, numerator={COUNT}, "
        "denominator={'type': 'count', 'window_hours': 'none'}",
        "denominator: 'mature_only' needs a window with an end.",
    ),
    "part with a long delay": (
        EVENTS + f"type='ratio', numerator={COUNT}, "
        "denominator={'type': 'count', 'window_hours': 1, 'delay_hours': 2}",
        "denominator: the delay is longer than the window.",
    ),
    "cap of a part that is 0 or 1": (
        EVENTS + f"type='ratio', denominator={COUNT}, "
        "numerator={'type': 'conversion', 'cap': {'upper': 1}}",
        "numerator: 'cap' is not for the type conversion.",
    ),
    "wrong cap of a part": (
        EVENTS + f"type='ratio', denominator={COUNT}, "
        "numerator={'type': 'count', 'cap': {'lower': 3, 'upper': 1}}",
        "numerator: cap: 'lower' is not below 'upper'.",
    ),
    "capped conversion": (
        EVENTS + "type='conversion', cap={'upper': 1}",
        "'cap' is not for the type conversion. It is for: count, sum, mean,",
    ),
    "cuped funnel": (
        EVENTS + "type='funnel', steps=[{'name': 'a'}, {'name': 'b'}], cuped=true",
        "'cuped' is not for the type funnel. It is for: conversion, count,",
    ),
    "cuped share of days": (
        EVENTS + "type='unit_count', rollup='daily', cuped=true",
        "'cuped' is not for the rollup daily.",
    ),
    "cuped_days alone": (EVENTS + "type='count', cuped_days=7", "'cuped_days' needs cuped=true."),
    "no cuped_days": (
        EVENTS + "type='count', cuped=true, cuped_days=0",
        "'cuped_days' is '0', but must be a number above 0.",
    ),
    "breakdown alone": (
        EVENTS + "type='count', breakdown='event_name'",
        "'breakdown' needs 'breakdown_values'.",
    ),
    "breakdown_values alone": (
        EVENTS + "type='count', breakdown_values=['a']",
        "'breakdown_values' needs 'breakdown'.",
    ),
    "breakdown value twice": (
        EVENTS + "type='count', breakdown='event_name', breakdown_values=['a', 'a']",
        "'breakdown_values' is '['a', 'a']', but must be a list of different texts.",
    ),
    "breakdown values that are a text": (
        EVENTS + "type='count', breakdown='event_name', breakdown_values='a'",
        "'breakdown_values' is 'a', but must be a list of different texts.",
    ),
    "no breakdown values": (
        EVENTS + "type='count', breakdown='event_name', breakdown_values=[]",
        "'breakdown_values' is '[]', but must be a list of different texts.",
    ),
    "breakdown value other": (
        EVENTS + "type='count', breakdown='event_name', breakdown_values=['a', 'other']",
        "'breakdown_values' has 'other', which is what the rest is called.",
    ),
    "breakdown of a latest value": (
        EVENTS + "type='latest', value='1', breakdown='event_name', breakdown_values=['a']",
        "'breakdown' is not for the type latest. It is for: conversion, count,",
    ),
    "quantile of what": (
        EVENTS + "type='quantile', quantile=0.5, value='revenue'",
        "'of' is missing: one of units, events.",
    ),
    "quantile of rows": (
        EVENTS + "type='quantile', quantile=0.5, value='revenue', of='rows'",
        "'of' is 'rows', but must be one of: units, events.",
    ),
    "quantile without its level": (
        EVENTS + "type='quantile', of='units', value='revenue'",
        "'quantile' is missing.",
    ),
    "quantile in per cent": (
        EVENTS + "type='quantile', of='units', value='revenue', quantile=90",
        "'quantile' is '90', but must be a number between 0 and 1.",
    ),
    "quantile without value": (
        EVENTS + "type='quantile', of='units', quantile=0.5",
        "'value' is missing.",
    ),
    "quantile of a count of values": (
        EVENTS + "type='quantile', of='units', quantile=0.5, unit_value='count', value='revenue'",
        "'value' is not for a count.",
    ),
    "unit value of events": (
        EVENTS + "type='quantile', of='events', quantile=0.5, unit_value='max', value='revenue'",
        "'unit_value' is for a quantile of units.",
    ),
    "margin of no guardrail": (
        EVENTS + "type='count', non_inferiority_margin=0.02",
        "'non_inferiority_margin' needs is_guardrail=true.",
    ),
    "filter that closes what it did not open": (
        EVENTS + "type='count', where='event_name is null) or (true'",
        "but must be one SQL expression: quotes and parentheses in pairs",
    ),
    "filter that is left open": (
        EVENTS + "type='count', where='(event_name is null'",
        "but must be one SQL expression",
    ),
    "filter that ends in a comment": (
        EVENTS + "type='count', where='true -- all of them'",
        "no comment and no semicolon",
    ),
    "value without its last quote": (
        EVENTS + "type='sum', value=\"case when event_name = 'purchase then 1 end\"",
        "but must be one SQL expression",
    ),
    "part with a second statement": (
        EVENTS + "type='ratio', numerator={'type': 'count', 'where': 'true; select 1'}, "
        "denominator={'type': 'count'}",
        "numerator: 'where' is 'true; select 1', but must be one SQL expression",
    ),
    "misspelt argument with a relation": (
        "sources=ref('experiment_events'), type='count'",
        "unknown argument 'sources'. Did you mean 'source'?",
    ),
    "source of a part that is misspelt": (
        EVENTS + f"type='ratio', denominator={COUNT}, "
        "numerator={'type': 'count', 'src': ref('experiment_events')}",
        "numerator: unknown argument 'src'. Did you mean 'source'?",
    ),
    "filter that is a relation": (
        EVENTS + "type='count', where=ref('experiment_events')",
        "but must be one SQL expression",
    ),
    "part that is a relation": (
        EVENTS + f"type='ratio', denominator={COUNT}, numerator=ref('experiment_events')",
        "but must be a definition, such as {'type': 'count', …}.",
    ),
    "step that is a relation": (
        EVENTS + "type='all_of', conditions=[ref('experiment_events'), {}]",
        "but must be a list of 2 to 20 definitions",
    ),
    "type without quotes": (
        EVENTS + "type=count",
        "'type' is a name that stands for nothing. Were its quotes forgotten?",
    ),
    "direction without quotes": (
        EVENTS + "type='count', direction=decrease",
        "Were its quotes forgotten? It must be one of: increase, decrease.",
    ),
    "null for none": (
        EVENTS + "type='count', default_value=null",
        "'default_value' is a name that stands for nothing.",
    ),
    "type of a part without quotes": (
        EVENTS + f"type='ratio', denominator={COUNT}, numerator={{'type': count}}",
        "numerator: 'type' is a name that stands for nothing.",
    ),
    "infinite default": (
        EVENTS + "type='count', default_value=1e308 * var('alpha') * 1000",
        "'default_value' is 'inf', but must be a number",
    ),
    "default of 400 digits": (
        EVENTS + "type='count', default_value=10**400",
        "but must be a number",
    ),
    "infinite window": (
        EVENTS + "type='count', window_hours=1e308 * var('alpha') * 1000",
        "'window_hours' is 'inf', but must be a number above 0, or 'none' for no end",
    ),
    "window of ages": (
        EVENTS + "type='count', window_days=40000",
        "the window is longer than 876000 hours (100 years).",
    ),
    "delay of ages": (
        EVENTS + "type='count', window_days='none', delay_hours=1000000",
        "the delay is longer than 876000 hours (100 years).",
    ),
    "day of ages": (
        EVENTS + "type='retention', from_day=40000",
        "the delay is longer than 876000 hours (100 years).",
    ),
    "ages before the exposure": (
        EVENTS + "type='count', cuped=true, cuped_days=40000",
        "the time of the covariate is longer than 876000 hours (100 years).",
    ),
    "step within ages": (
        EVENTS + "type='funnel', steps=[{'name': 'a'}, {'name': 'b', 'within_hours': 1e9}]",
        "steps 2: 'within_hours' is '1000000000.0', but must be a number above 0, of at most",
    ),
    "arguments without names": (
        "'Purchases', " + EVENTS + "type='count'",
        "give each argument by its name, as in type='count'.",
    ),
    "key that is a number": (
        EVENTS + "type='count', cap={1: 2}",
        "cap: unknown argument '1'.",
    ),
    "step named like a rate": (
        EVENTS + "type='funnel', steps=[{'name': 'a'}, {'name': 'b'}, {'name': 'a to b'}]",
        "two of its metrics are named 'step named like a rate: a to b'. Rename a step.",
    ),
    "two values": (
        EVENTS + "type='sum', value='revenue, 1'",
        "'value' is 'revenue, 1', but must be one SQL expression",
    ),
    "filter that ends its case": (
        EVENTS + "type='count', where=\"true then 1 else 0 end, case when true\"",
        "commas within parentheses only",
    ),
    "brackets that are left open": (
        EVENTS + "type='sum', value='[revenue'",
        "but must be one SQL expression",
    ),
    "default of a ratio": (
        EVENTS + f"type='ratio', numerator={COUNT}, denominator={COUNT}, default_value=5",
        "'default_value' of a ratio must be 0 or none.",
    ),
    "cap at none": (
        EVENTS + "type='count', cap={'upper': none}",
        "cap: give a lower or an upper end.",
    ),
    "cap over none": (
        EVENTS + "type='count', cap={'upper': none, 'lower': 1, 'over': 'non_zero'}",
        "cap: 'over' needs a percentile.",
    ),
    "empty tag": (EVENTS + "type='count', tags=['']", "must be a list of words"),
    "tag of two words": (EVENTS + "type='count', tags=['two words']", "must be a list of words"),
    "tag with a tab": (EVENTS + "type='count', tags=['x\\ty']", "must be a list of words"),
    "margin in per cent": (
        EVENTS + "type='count', is_guardrail=true, non_inferiority_margin=5",
        "'non_inferiority_margin' is '5', but must be a number between 0 and 1.",
    ),
    "margin the wrong way": (
        EVENTS + "type='count', is_guardrail=true, non_inferiority_margin=-0.02",
        "'non_inferiority_margin' is '-0.02', but must be a number between 0 and 1.",
    ),
}
# A metric that has no name of its own, or none that is one.
NAMELESS = {
    "no name": (EVENTS + "type='count'", "'name' is missing."),
    "name that is a list": (
        EVENTS + "type='count', name=['a']",
        "'name' is '['a']', but must be a text that is not empty.",
    ),
    "name without quotes": (
        EVENTS + "type='count', name=purchases",
        "'name' is a name that stands for nothing. Were its quotes forgotten?",
    ),
}
ALL_WRONG = NAMELESS | {
    case: (f"{arguments}, name='{case}'", said) for case, (arguments, said) in WRONG.items()
}
