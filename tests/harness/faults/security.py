"""Faults that somebody may have made on purpose."""

import json
from dataclasses import replace

from faults.fault import Fault
from faults.golden import golden_world, purchase
from faults.lab import Lab
from faults.worlds_changed import (
    FIRST,
    OTHER,
    assert_unaffected,
    exposing,
    unit_ids,
    with_decisions,
)

SQL = "x'); drop table published; --"
CODE = (SQL, "'; drop table experiment_units; --", "{{ 1 / 0 }}", "{% raise %}", "${HOME}", "$(id)")


def sql_in_vars(lab: Lab) -> None:
    """Put SQL where numbers, times and choices belong, and where any text may stand."""
    for name in ("attribution_window_hours", "alpha", "as_of", "crossover_policy", "planned_days"):
        lab.refused(
            *("--vars", json.dumps({name: SQL})),
            said=f"The var '{name}' is '{SQL}', but must be ",
        )
    texts = {
        "segments": ["browser", SQL],
        "bot_user_agent_patterns": [SQL],
        "baseline_variations": [SQL],
        "pooled_variations": {SQL: [SQL, "y'"]},
        "exposures_experiment_id": SQL,
    }
    ran = lab.build(
        *("--vars", json.dumps(texts), "--select", "+unit_segments", "known_variations"),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    )
    assert ran.code == 0, ran.stderr
    assert ran.kept


def code_in_data(lab: Lab) -> None:
    """Call visitors, events and variations so."""
    seen = lab.look(
        replace(
            with_decisions(
                *(exposing(f"x{number}", name) for number, name in enumerate(CODE)),
            ),
            events=(
                *golden_world().events,
                *(
                    replace(purchase(FIRST, 1), uuid=name, visitor_id=name, event_name=name)
                    for name in CODE
                ),
            ),
        )
    )
    assert unit_ids(seen) - unit_ids(lab.golden) == set(CODE)
    names = {row["event_name"] for row in seen.of("experiment_events", FIRST)}
    assert set(CODE) <= names
    assert_unaffected(lab, seen, OTHER)


FAULTS = (
    Fault(
        84,
        "sql-in-vars",
        "A var's value holds SQL",
        "it is refused, or stays a text",
        check=sql_in_vars,
    ),
    Fault(
        85,
        "code-in-data",
        "Ids and names hold SQL or Jinja",
        "they stay text",
        check=code_in_data,
        proved_by=(
            "health/test_health_worlds.py::test_what_the_data_names_stays_data",
            "pipeline/test_hostile_inputs.py::test_every_id_is_as_it_was_given",
            "pipeline/test_oracle.py::test_models_agree_with_the_oracle",
        ),
    ),
    Fault(
        86,
        "path-traversal",
        "A path leads out of the folders of the data",
        "the build fails",
        proved_by=(
            "pipeline/test_confinement.py::test_a_path_in_a_var_can_not_leave_the_folders",
            "pipeline/test_confinement.py::test_a_seed_can_not_be_a_link_that_leaves_them",
            "pipeline/test_confinement.py::test_sql_in_a_metric_can_not_leave_them",
        ),
    ),
    Fault(
        87,
        "secrets",
        "Passwords and tokens in settings",
        "in `--vars` they are refused; others reach no log, file or message",
        proved_by=(
            "pipeline/test_secrets.py::test_a_build_leaves_no_address_and_no_secret",
            "pipeline/test_secrets.py::test_a_var_that_looks_like_a_secret_is_refused",
            "staging/test_s3.py::test_an_export_on_s3_gives_what_it_gives_on_a_disk",
        ),
    ),
    Fault(
        88,
        "html-in-names",
        "Names hold HTML",
        "a page shows them as text",
        proved_by=("report/test_pages.py::test_names_are_text",),
    ),
    Fault(
        89,
        "formulas",
        "Texts that a spreadsheet would run",
        "in CSV they are marked as text; numbers are not changed",
        proved_by=(
            "commands/test_exported_results.py::test_hostile_texts_come_back",
            "commands/test_exported_results.py::test_what_a_spreadsheet_would_run_is_marked",
        ),
    ),
    Fault(
        90,
        "addresses",
        "Addresses and agents of visitors",
        "they do not leave staging",
        proved_by=("pipeline/test_secrets.py::test_a_build_leaves_no_address_and_no_secret",),
    ),
    Fault(
        91,
        "control-characters",
        "Ids hold control characters",
        "what a terminal shows is escaped",
        proved_by=(
            "commands/test_check_launch.py::test_hostile_names_stay_in_their_lines",
            "commands/test_results_command.py::test_hostile_names_stay_in_their_lines",
            "health/test_health_worlds.py::test_what_the_data_names_stays_data",
            "pipeline/test_hostile_inputs.py::test_commands_stay_in_their_lines",
        ),
    ),
)
