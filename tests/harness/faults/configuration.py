"""Faults of settings and of what statistics are asked to do."""

from dataclasses import replace
from math import isfinite

from engine import ROOT
from faults.fault import Fault
from faults.golden import golden_world
from faults.lab import Lab, Seen
from faults.worlds_changed import FIRST, OTHER, assert_unaffected
from oracle.raw import Decision, World

ORACLE = "pipeline/test_oracle.py"
HEALTH = "health/test_health_worlds.py"


def unknown_var(lab: Lab) -> None:
    """Slip in the command's arguments, and in the project's own file."""
    for given, meant in (
        ("attribution_windw_hours", "attribution_window_hours"),
        ("significance", "alpha"),
        ("crossover", "crossover_policy"),
    ):
        lab.refused("--vars", f"{{{given}: 5}}", said=f"'{given}'. Did you mean '{meant}'?")
    lab.refused("--vars", "{zz: 5}", said="Unknown var 'zz'. The vars are listed in")
    # Below the export, where a build may read.
    project = lab.export / "project with a slip"
    project.mkdir()
    text = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    (project / "dbt_project.yml").write_text(
        text.replace("    alpha: 0.05\n", "    alpha: 0.05\n    alhpa: 0.1\n"), encoding="utf-8"
    )
    lab.refused(
        *("--project-dir", str(project)),
        said="'alhpa' under experiment_metrics in dbt_project.yml. Did you mean 'alpha'?",
    )


def renamed(world: World, **columns: object) -> World:
    """Give all variations of a world the same of something."""
    return replace(
        world,
        named_variations=tuple(replace(row, **columns) for row in world.named_variations),
    )


def shared_ids(lab: Lab) -> None:
    """Call both experiments alike, whose variations have the same ids anyway."""
    seen = lab.look(renamed(golden_world(), experiment_name="the same"))

    def without_name(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{**row, "experiment_name": None} for row in rows]

    for experiment in (FIRST, OTHER):
        now, before = seen.numbers(experiment), lab.golden.numbers(experiment)
        assert without_name(now) == without_name(before)
        assert seen.verdicts(experiment) == lab.golden.verdicts(experiment)


def overlapping_experiments(lab: Lab) -> None:
    """Let half of the second experiment's visitors be those of the first."""
    world = golden_world()
    seen = lab.look(
        replace(
            world,
            decisions=tuple(
                replace(row, visitor_id=row.visitor_id.replace(OTHER, FIRST))
                if row.experiment_id == OTHER and int(row.uuid[-2:]) < 30
                else row
                for row in world.decisions
            ),
        )
    )
    assert seen.health(FIRST)["overlapping_experiments"] == "warn"
    assert seen.numbers(FIRST) == lab.golden.numbers(FIRST)
    units = seen.of("experiment_units", OTHER)
    assert len(units) == 60
    assert sum(row["unit_id"].startswith(FIRST) for row in units) == 30


def only_of_first(keep: object) -> World:
    """Give the golden world with some of the first experiment's decisions."""
    world = golden_world()
    return replace(
        world,
        decisions=tuple(row for row in world.decisions if row.experiment_id != FIRST or keep(row)),
    )


def nothing_to_compare(lab: Lab) -> None:
    """Name no reference; show one variation alone."""
    world = golden_world()
    unnamed = replace(
        world, named_variations=tuple(r for r in world.named_variations if r.experiment_id != FIRST)
    )
    alone = only_of_first(lambda row: row.variation_id == "b")
    for changed, check in ((unnamed, "reference_variation"), (alone, "variation_count")):
        seen = lab.look(changed)
        assert seen.health(FIRST)[check] == "fail"
        assert {verdict for verdict, _ in seen.verdicts(FIRST).values()} == {"invalid"}
        assert all(row["p_value"] is None for row in seen.of("experiment_results", FIRST))
        assert_unaffected(lab, seen, OTHER)


def assert_no_number(seen: Seen, *metrics: str) -> None:
    """Check that metrics have no test, but a status and a reason, and no odd number."""
    for row in seen.of("experiment_results", FIRST):
        numbers = [value for value in row.values() if isinstance(value, float)]
        assert all(isfinite(number) for number in numbers), row
        if row["metric_name"] in metrics and row["variation_id"] == "b":
            assert row["p_value"] is None, row
            assert row["status"] not in ("ok", "reference"), row
            assert row["status_reason"], row


def too_little(lab: Lab) -> None:
    """Expose nobody to a variation, or one, or let nobody do anything."""
    conversion, views = "Purchase conversion rate", "Product detail page views per visitor"
    for keep in (
        lambda row: int(row.uuid[-2:]) == 1,
        lambda row: row.variation_id == "a" or int(row.uuid[-2:]) == 1,
    ):
        seen = lab.look(only_of_first(keep))
        assert_no_number(seen, conversion, views)
        assert "ship" not in {verdict for verdict, _ in seen.verdicts(FIRST).values()}
        assert_unaffected(lab, seen, OTHER)
    world = golden_world()
    silent = replace(
        world, events=tuple(row for row in world.events if not row.uuid.startswith(FIRST))
    )
    seen = lab.look(silent)
    assert_no_number(seen, conversion, views)
    rows = seen.of("experiment_results", FIRST, metric_name=conversion, variation_id="b")
    assert {row["status"] for row in rows} == {"zero_variance"}
    assert_unaffected(lab, seen, OTHER)


def wrong_split(lab: Lab) -> None:
    """Lose four in five of a variation: nothing is decided, here alone."""
    seen = lab.look(
        only_of_first(lambda row: row.variation_id == "a" or int(row.uuid[-2:]) % 10 == 1)
    )
    assert seen.health(FIRST)["sample_ratio"] == "fail"
    assert seen.verdicts(FIRST) == {"b": ("invalid", "failing_health_check")}
    assert_unaffected(lab, seen, OTHER)


def changed_split(lab: Lab) -> None:
    """Show a to all on the first day, b to all later: as planned on the whole, and yet invalid."""
    world = golden_world()

    def assigned(row: Decision) -> Decision:
        if row.experiment_id != FIRST:
            return row
        number = int(row.uuid[-2:])
        early = number % 3 == 0 or number % 6 == 1
        return replace(row, variation_id="a" if early else "b")

    seen = lab.look(replace(world, decisions=tuple(map(assigned, world.decisions))))
    assert "sample_ratio" not in seen.health(FIRST)
    assert seen.health(FIRST)["split_change"] == "fail"
    assert seen.verdicts(FIRST) == {"b": ("invalid", "failing_health_check")}
    assert_unaffected(lab, seen, OTHER)


FAULTS = (
    Fault(
        56,
        "unknown-var",
        "A var that there is not, as by a slip",
        "the build stops and suggests the nearest",
        check=unknown_var,
    ),
    Fault(
        57,
        "wrong-value",
        "A setting holds what it may not: alpha, dates, metrics",
        "the build stops and says what it may hold",
        proved_by=(
            "commands/test_build_command.py::test_a_wrong_setting_is_named",
            "staging/test_seeds.py::test_a_wrong_cell_is_found",
            "observations/test_refused_metrics.py::test_a_listed_metric_without_a_file_is_named",
        ),
    ),
    Fault(
        58,
        "metric-name-twice",
        "Two metrics have one name",
        "the build stops and names both files",
        proved_by=(
            "observations/test_metric_files.py::test_two_metrics_of_one_name_stop_the_build",
        ),
    ),
    Fault(
        59,
        "shared-ids",
        "Experiments share names or ids of variations",
        "each keeps its own rows",
        check=shared_ids,
    ),
    Fault(
        60,
        "overlapping-experiments",
        "Visitors are in two experiments",
        "they count in both; the health check warns",
        check=overlapping_experiments,
        proved_by=(f"{ORACLE}::test_a_visitor_in_two_experiments_counts_in_both",),
    ),
    Fault(
        61,
        "nothing-to-compare",
        "No reference, or one variation alone",
        "the decision is invalid, and other experiments go on",
        check=nothing_to_compare,
    ),
    Fault(
        62,
        "too-little",
        "No unit, one, no conversion, or values that are all the same",
        "no test, but a status and a reason",
        check=too_little,
        proved_by=("results/test_oracle_cases.py::test_edge_gives_null_and_a_reason",),
    ),
    Fault(
        63,
        "denominator-of-zero",
        "A ratio whose denominator is 0",
        "no number, but a status and a reason",
        proved_by=(
            "results/test_results.py::test_every_row_has_a_status_and_no_number_is_none",
            "results/test_oracle_cases.py::test_edge_gives_null_and_a_reason",
        ),
    ),
    Fault(
        64,
        "large-mean",
        "Values near a billion that hardly vary",
        "the variance keeps its digits",
        proved_by=(
            f"{ORACLE}::test_variance_keeps_its_digits",
            "results/test_results.py::test_values_far_away_lose_no_digits",
            "results/test_near_constants.py::test_standard_errors_are_right_or_null",
        ),
    ),
    Fault(
        65,
        "integer-division",
        "A warehouse that divides integers to integers",
        "the same numbers on every warehouse",
        waits_for="the server warehouses",
    ),
    Fault(
        66,
        "sample-ratio-mismatch",
        "The split is not as planned",
        "the decision is invalid, and other experiments go on",
        check=wrong_split,
        proved_by=("health/test_health_statistics.py::test_sample_ratios_are_those_of_scipy",),
    ),
    Fault(
        67,
        "split-changed",
        "The split changes while the experiment runs",
        "the health check finds it, and the decision is invalid",
        check=changed_split,
        proved_by=(
            "health/test_health_statistics.py::test_changes_of_the_split_are_those_of_scipy",
        ),
    ),
)
