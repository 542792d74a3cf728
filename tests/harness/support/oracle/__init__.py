"""What the pipeline must produce, computed a second time, in plain Python without SQL or pandas.

The oracle shares no code with the models. It is slow and literal on purpose, one function per rule,
so that a reader can hold each against docs/rules.md and docs/metrics.md. Times are epoch
milliseconds (UTC), sums are `Fraction`s until they are handed out, and every table is a dict from
the table's key to its other columns.

`raw` (what there is) → `staging` → `exposure` → `observing` (one number per unit and metric, as of
any moment) → `summaries` → `tables`, and `days`, which takes them as of the end of each day.
"""
