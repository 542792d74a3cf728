"""Faults that were found on the project itself."""

from faults.fault import Fault
from faults.lab import Lab
from faults.memory import more_data_than_memory

HEALTH = "health/test_health_worlds.py"
ORACLE = "pipeline/test_oracle.py"
PUBLISHING = "commands/test_publishing.py"
SETTINGS = "staging/test_settings.py"
SOURCES = "observations/test_metric_sources.py"

OF_SETTINGS = (
    *("experiments_have_exposures", "variations_have_exposures", "excluded_visitors_are_known"),
    "sample_settings_are_replaced",
)


def sample_settings(lab: Lab) -> None:
    """Build one's own export beside the seeds as they come."""
    ran = lab.build(
        *("--indirect-selection", "empty", "--exclude-resource-type", "unit_test"),
        *("--select", *(f"+{test}" for test in OF_SETTINGS)),
    )
    assert ran.code == 0, ran.stderr
    (warning,) = [line for line in ran.stderr.splitlines() if line.startswith("warning: ")]
    assert "The settings still hold the lines of the sample" in warning
    assert (
        "files=seeds/excluded_visitors.csv, seeds/experiments.csv, seeds/variations.csv;" in warning
    )


FAULTS = (
    Fault(
        93,
        "open-for-writing",
        "Another program writes to the published file, or left its log",
        "the build refuses, or removes the log; what is published is read-only",
        proved_by=(
            f"{PUBLISHING}::test_another_programs_log_is_not_replayed",
            f"{PUBLISHING}::test_a_log_without_its_file_is_not_replayed",
            f"{PUBLISHING}::test_a_program_that_writes_is_named",
            f"{PUBLISHING}::test_a_program_that_writes_meanwhile_is_named",
            f"{PUBLISHING}::test_what_is_published_is_read_only",
        ),
    ),
    Fault(
        94,
        "full-disk-at-the-end",
        "The disk fills up while the built file is closed",
        "what was published stays, and the message is true at every point",
        proved_by=(
            f"{PUBLISHING}::test_what_fails_at_any_step_is_told_truly",
            f"{PUBLISHING}::test_a_full_disk_leaves_what_was_published",
        ),
    ),
    Fault(
        95,
        "unknown-testers",
        "A line of excluded visitors matches nobody",
        "blanks around it don't count; a warning names a line that matches nothing",
        proved_by=(
            f"{SETTINGS}::test_lines_of_the_settings_are_held_to_the_data",
            f"{SETTINGS}::test_blanks_around_cells_are_no_part_of_them",
        ),
    ),
    Fault(
        96,
        "sent-again",
        "A sender repeats events under new ids",
        "the health check warns, also where it is in one variation alone",
        proved_by=(
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
            f"{HEALTH}::test_few_repetitions_in_one_variation_are_found",
        ),
    ),
    Fault(
        97,
        "event-gap",
        "One event is missing on days that have others",
        "the health check warns, by the event's name",
        proved_by=(f"{HEALTH}::test_a_day_that_lacks_one_event_is_found",),
    ),
    Fault(
        98,
        "names-alike",
        "Names differ in case or blanks alone",
        "a warning names them",
        proved_by=(
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
            f"{SETTINGS}::test_lines_of_the_settings_are_held_to_the_data",
        ),
    ),
    Fault(
        99,
        "end-as-a-date",
        "The end of an experiment is a date",
        "the whole day is part of it",
        proved_by=(f"{SETTINGS}::test_blanks_around_cells_are_no_part_of_them",),
    ),
    Fault(
        100,
        "lost-exposures",
        "Many exposures lie after the end or name no variation",
        "the health check warns, with counts",
        proved_by=(f"{HEALTH}::test_who_is_not_analysed_is_counted",),
    ),
    Fault(
        101,
        "restarted",
        "An experiment was restarted under its id",
        "the health check warns of a break longer than the window; another split fails",
        proved_by=(f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",),
    ),
    Fault(
        102,
        "two-names",
        "One experiment or variation has two names in the settings",
        "the build fails",
        proved_by=(f"{SETTINGS}::test_lines_of_the_settings_are_held_to_the_data",),
    ),
    Fault(
        103,
        "two-files-in-a-folder",
        "Two published files in one folder",
        "each has a state of its own",
        proved_by=(f"{PUBLISHING}::test_two_files_in_one_folder_keep_a_state_each",),
    ),
    Fault(
        104,
        "sample-s-settings",
        "The sample's settings lie beside data of one's own",
        "one warning names the files",
        check=sample_settings,
    ),
    Fault(
        105,
        "patterns-in-paths",
        "A path holds characters of patterns",
        "it is taken as it stands",
        proved_by=("commands/test_build_command.py::test_a_path_is_taken_literally",),
    ),
    Fault(
        106,
        "outcome-keys",
        "A table of outcomes repeats its key",
        "the build fails and names relation, key and example",
        proved_by=(
            "observations/test_outcome_keys.py::test_a_key_that_is_none_fails_its_model",
            "project/test_package.py::test_a_repeated_key_of_its_own_outcomes_is_told",
        ),
    ),
    Fault(
        107,
        "one-message-of-several",
        "Decisions of several experiments have one uuid",
        "a row in each experiment",
        proved_by=(
            f"{ORACLE}::test_one_uuid_in_two_experiments_is_a_row_in_each",
            "pipeline/test_odd_experiments.py::test_one_uuid_makes_a_unit_in_each_experiment",
        ),
    ),
    Fault(
        110,
        "collation",
        "A database that sorts by a language",
        "the same units in byte order, or a refusal at the start",
        waits_for="the server warehouses",
    ),
    Fault(
        111,
        "blank-text",
        "Texts that hold nothing but blanks",
        "they are missing, in attributes and in counts of distinct values",
        proved_by=(
            f"{ORACLE}::test_a_blank_attribute_is_not_set",
            f"{ORACLE}::test_blank_is_nothing_but_whitespace",
            "observations/test_metric_oracle.py::test_a_blank_text_is_no_distinct_value",
        ),
    ),
    Fault(
        112,
        "relation-renamed",
        "A model has another name or schema in the database",
        "nothing changes",
        proved_by=(
            f"{SOURCES}::test_a_relation_is_known_by_its_model_not_by_its_name",
            "project/test_package.py::test_relations_lie_where_the_project_wants_them",
        ),
    ),
    Fault(
        113,
        "reading-across-a-swap",
        "Several queries while a server's tables are replaced",
        "the reader notices",
        waits_for="the server warehouses",
    ),
    Fault(
        114,
        "more-data-than-memory",
        "The data are larger than the memory",
        "it spills to the disk, and the numbers are right; beyond both, one line says what to set",
        check=more_data_than_memory,
        proved_by=(
            "pipeline/test_memory.py::test_without_a_limit_a_share_of_the_memory_is_used",
            "pipeline/test_memory.py::test_what_is_beyond_it_is_beside_the_database_until_it_is_closed",
        ),
    ),
    Fault(
        115,
        "retention-of-a-day",
        "Retention from a day to the same day",
        "that day, 24 hours long",
        proved_by=(
            "observations/test_metric_oracle.py::test_one_day_alone_is_its_24_hours",
            "observations/test_metric_types.py::test_metrics_agree_with_the_oracle",
        ),
    ),
    Fault(
        116,
        "stray-date",
        "One row is dated years later",
        "it doesn't move now, and is left out",
        proved_by=(
            f"{ORACLE}::test_a_row_far_after_all_others_does_not_move_now",
            f"{HEALTH}::test_rows_far_in_the_future_warn_and_move_nothing",
        ),
    ),
)
