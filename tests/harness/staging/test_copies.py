"""Rows that are copies count once; those that contradict each other, or merge visitors, do not."""

from pathlib import Path

import duckdb
from conftest import copy_project, run_dbt
from small_exports import decisions, events, write_export

EXPOSURES = """\
id,user_id,variant,exposure_ts,country
a,1,control,2025-03-03,DE
a,1,control,2025-03-03,DE
b,2,b,2025-03-03,DE
b,2,b,2025-03-04,DE
,3,b,2025-03-03,DE
,3,b,2025-03-03,FR
"""
MORE_EXPOSURES = """\
id,user_id,variant,exposure_ts,country
c,4,b,2025-03-03,"D
E"
d,undefined,b,2025-03-03,DE
e,5,,2025-03-03,DE
"""
EVENTS = """\
id,user_id,event,amount,event_ts
p,1,purchase,30,2025-03-03 12:00
p,1,purchase,31,2025-03-03 12:00
q,1,purchase,31,2025-03-03 13:00
q,1,purchase,31,2025-03-03 13:00
,1,purchase,31,2025-03-03 13:00
,1,purchase,31,2025-03-03 13:00
"""
SESSIONS = """\
experiment_id,starts_at,ends_at,randomisation_unit,attribution_window_hours,crossover_policy,\
primary_metric,metric_tags
e1,,,session_id,,,,
"""


def test_plain_rows_of_one_id_with_other_content_are_left_out(tmp_path: Path) -> None:
    """Where an id was given: one that was made of a row can't contradict it."""
    project = copy_project(tmp_path / "project")
    (tmp_path / "exposures-1.csv").write_text(EXPOSURES)
    (tmp_path / "exposures-2.csv").write_text(MORE_EXPOSURES)
    (tmp_path / "events.csv").write_text(EVENTS)
    run = run_dbt(
        project,
        *(
            "build",
            "--select",
            "+rejected_rows",
            "rejected_row_counts",
            "--indirect-selection",
            "cautious",
        ),
        EXPOSURES=str(tmp_path / "exposures-*.csv"),
        EVENTS=str(tmp_path / "events.csv"),
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        rows = connection.sql(
            "select source_name, reason, row_count from main_internal.rejected_row_counts"
            " order by all"
        ).fetchall()
        places = connection.sql(
            "select reason, file_name, file_row, row_id, visitor_id from rejected_rows order by all"
        ).fetchall()
    assert rows == [
        ("events", "conflicting_id", 2),
        ("events", "duplicate_id", 1),
        ("exposures", "conflicting_id", 2),
        ("exposures", "duplicate_id", 2),
        ("exposures", "missing_variation_id", 1),
        ("exposures", "missing_visitor_id", 1),
    ]
    # The header is no row, and one that goes on in the next line is one.
    assert places == [
        ("conflicting_id", "events.csv", 1, "p", "1"),
        ("conflicting_id", "events.csv", 2, "p", "1"),
        ("conflicting_id", "exposures-1.csv", 3, "b", "2"),
        ("conflicting_id", "exposures-1.csv", 4, "b", "2"),
        ("missing_variation_id", "exposures-2.csv", 3, "e", "5"),
        ("missing_visitor_id", "exposures-2.csv", 2, "d", "undefined"),
    ]


def test_sessions_of_several_visitors_are_refused(tmp_path: Path) -> None:
    """Where sessions are the units, an id that two visitors have would make them one."""
    project = copy_project(tmp_path / "project")
    (project / "seeds" / "experiments.csv").write_text(SESSIONS)
    test = ("+enriched_exposures", "sessions_are_of_one_visitor")
    rows = decisions()
    for is_shared in (False, True):
        if is_shared:
            rows[1]["session_id"] = rows[0]["session_id"]
        run = run_dbt(
            project,
            *("build", "--select", *test, "--indirect-selection", "cautious"),
            **write_export(tmp_path / "export", rows, events()),
        )
        assert run.returncode == int(is_shared), run.stdout
        assert ("Failure in test sessions_are_of_one_visitor" in run.stdout) == is_shared
