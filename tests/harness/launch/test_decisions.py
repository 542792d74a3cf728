"""Decisions about launches: as the rules say on random evidence, and as known on the sample."""

import random
from collections import Counter
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest
from engine.compile import Chain
from engine.run import run_models
from engine.warehouse import Rows, Warehouse
from statistics_models import StatisticsModels, results

SEED = 20201001
EXPERIMENTS = 3000
PLANNED = timedelta(days=14)
STALE_DAYS = 3
ALPHA = 0.05
FIRST_EXPOSURE = datetime(2020, 9, 1, 12)  # noqa: DTZ001 - as the build has it: UTC, unsaid
# Direction, whether it is a guardrail, and its margin.
METRICS = {
    "orders": ("increase", False, None),
    "calls": ("decrease", False, None),
    "views": ("increase", True, 0.05),
    "errors": ("decrease", True, None),
}
RULES = {
    "failing_health_check": "invalid",
    "no_health_check": "invalid",
    "no_reference_variation": "invalid",
    "harmed_guardrail": "do_not_ship",
    "worse_primary_metric": "do_not_ship",
    "no_primary_metric": "inconclusive",
    "unmeasured_primary_metric": "inconclusive",
    "primary_metric_not_better": "inconclusive",
    "stale_guardrail": "inconclusive",
    "unmeasured_guardrail": "inconclusive",
    "uncertain_guardrail": "inconclusive",
    "too_early": "inconclusive",
    "better_after_planned_duration": "ship",
    "better_at_every_look": "ship",
}
TABLES = {
    "dim_experiments": (
        "experiment_id varchar, last_exposed_at timestamp, ends_at timestamp,"
        " planned_until_at timestamp, primary_metric varchar, as_of_at timestamp"
    ),
    "dim_variations": (
        "experiment_id varchar, experiment_name varchar, variation_id varchar,"
        " variation_name varchar"
    ),
    "reference_variations": (
        "experiment_id varchar, reference_variation_id varchar, reference_variation_count bigint"
    ),
    "dim_metrics": "metric_name varchar, is_guardrail boolean, non_inferiority_margin double",
    "used_metrics": "experiment_id varchar, metric_name varchar, is_primary boolean",
    "experiment_results": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, is_headline boolean,"
        " is_primary boolean, is_guardrail boolean, direction varchar, status varchar,"
        " status_reason varchar, metric_value double,"
        " reference_metric_value double, absolute_lift double, absolute_lift_ci_low double,"
        " absolute_lift_ci_high double, relative_lift double, relative_lift_ci_low double,"
        " relative_lift_ci_high double, adjusted_p_value double, is_significant boolean,"
        " sequential_p_value double, is_sequentially_significant boolean,"
        " guardrail_verdict varchar, sequential_guardrail_verdict varchar,"
        " sequential_ci_low double, sequential_ci_high double,"
        " sequential_relative_ci_low double, sequential_relative_ci_high double"
    ),
    "observed_metrics": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, row_kind varchar,"
        " observed_date date"
    ),
    "opposed_segments": (
        "experiment_id varchar, variation_id varchar, explanation varchar, place bigint"
    ),
    "experiment_health": (
        "experiment_id varchar, check_name varchar, segment_value varchar, status varchar,"
        " message varchar"
    ),
}


class World:
    """Random evidence about many experiments, most of which is good, and what it should lead to."""

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        self.tables: dict[str, Rows] = {name: [] for name in TABLES}
        self.expected: dict[tuple[str, str], str] = {}
        for name, (_, is_guardrail, margin) in METRICS.items():
            row = {"metric_name": name, "is_guardrail": is_guardrail}
            self.tables["dim_metrics"].append({**row, "non_inferiority_margin": margin})
        for number in range(EXPERIMENTS):
            self._draw_experiment(f"e{number}")

    def _is(self, probability: float) -> bool:
        return self._random.random() < probability

    def _draw_experiment(self, experiment_id: str) -> None:
        key = {"experiment_id": experiment_id}
        days = self._random.choice([3, 10, 20])
        last = FIRST_EXPOSURE + timedelta(days=days)
        ends_at = self._random.choice([None, last, last + timedelta(hours=1)])
        window = timedelta(hours=self._random.choice([1.5, 48.0]))
        experiment = {
            **key,
            "last_exposed_at": last,
            "ends_at": ends_at,
            "planned_until_at": ends_at + window if ends_at else FIRST_EXPOSURE + PLANNED,
            "primary_metric": self._random.choices(
                ["orders", "calls", "views", None, "unknown"], [9, 6, 3, 1, 1]
            )[0],
            "as_of_at": last + timedelta(hours=self._random.choice([1, 2, 48, 49, 300])),
        }
        reference = None if self._is(0.04) else "a"
        self.tables["dim_experiments"].append(experiment)
        # What a segment loses is told, and decides nothing.
        opposed = {**key, "variation_id": "b", "explanation": "It loses.", "place": 1}
        self.tables["opposed_segments"].append(opposed)
        self.tables["reference_variations"].append(
            {**key, "reference_variation_id": reference, "reference_variation_count": 0}
        )
        statuses = self._draw_checks(experiment_id)
        stale_in = {name: self._draw_dates(experiment, name) for name in METRICS}
        for variation in ("a", "b", "c"):
            names = {"experiment_name": "e", "variation_name": variation}
            self.tables["dim_variations"].append({**key, "variation_id": variation, **names})
            rows = [self._draw_result(experiment, variation, name) for name in METRICS]
            if variation != reference:
                # A comparison is as stale as either of the two.
                sides = {variation, reference or variation}
                stale = {name: bool(sides & found) for name, found in stale_in.items()}
                self.expected[experiment_id, variation] = first_rule(
                    experiment, reference, statuses, stale, rows
                )

    def _draw_checks(self, experiment_id: str) -> list[str | None]:
        statuses = self._random.choices(["ok", "warn", "fail", None], [60, 20, 1, 0.3], k=3)
        statuses = [] if self._is(0.03) else statuses
        for number, status in enumerate(statuses):
            row = {"experiment_id": experiment_id, "check_name": f"check {number}"}
            row |= {"segment_value": "(all)", "status": status, "message": "found"}
            self.tables["experiment_health"].append(row)
        return statuses

    def _draw_dates(self, experiment: dict, metric: str) -> set[str]:
        """Draw until when there is data of a metric; tell in which variations it is stale."""
        key = {"experiment_id": experiment["experiment_id"], "metric_name": metric}
        is_primary = metric == experiment["primary_metric"]
        self.tables["used_metrics"].append({**key, "is_primary": is_primary})
        end = experiment["last_exposed_at"].date()
        if experiment["ends_at"] is not None:
            end = min(experiment["ends_at"], experiment["as_of_at"]).date()
        stale = set()
        for variation in ("a", "b", "c"):
            gap = self._random.choices([None, 0, STALE_DAYS, STALE_DAYS + 1], [1, 180, 30, 2])[0]
            rows = [("covariate", end)]
            if gap is not None:
                rows += [("observation", end - timedelta(days=gap + more)) for more in (0, 9)]
            for kind, date in rows:
                row = {**key, "variation_id": variation, "row_kind": kind, "observed_date": date}
                self.tables["observed_metrics"].append(row)
            if gap is None or gap > STALE_DAYS:
                stale.add(variation)
        return stale

    def _draw_result(self, experiment: dict, variation: str, metric: str) -> dict:
        direction, is_guardrail, _ = METRICS[metric]
        sign = self._random.choices([1, -1], [12, 1])[0] * (-1 if direction == "decrease" else 1)
        p_value = self._random.choices([0.001, ALPHA, 0.5], [12, 1, 1])[0]
        sequential = self._random.choice([0.01, ALPHA, 1.0])
        lift = sign * 0.1
        verdict, sequential_verdict = self._random.choices(
            ["not_harmed", "inconclusive", "harmed", None], [40, 4, 1, 1], k=2
        )
        row = {
            "experiment_id": experiment["experiment_id"],
            "metric_name": metric,
            "variation_id": variation,
            "is_headline": True,
            "is_primary": metric == experiment["primary_metric"],
            "is_guardrail": is_guardrail,
            "direction": direction,
            "status": "ok",
            "absolute_lift": lift,
            "relative_lift": lift,
            "adjusted_p_value": p_value,
            "is_significant": p_value < ALPHA,
            "sequential_p_value": sequential,
            "is_sequentially_significant": sequential < ALPHA,
            "guardrail_verdict": verdict if is_guardrail else None,
            "sequential_guardrail_verdict": sequential_verdict if is_guardrail else None,
        }
        for end, factor in (("low", 0.5), ("high", 1.5)):
            row[f"absolute_lift_ci_{end}"] = lift * factor
            row[f"relative_lift_ci_{end}"] = None if self._is(0.1) else lift * factor
            row[f"sequential_ci_{end}"] = lift * factor * factor
        if self._is(0.1):
            row |= {name: None for name in row if name.startswith("relative_lift")}
        if self._is(0.05):
            numbers = [name for name in row if "lift" in name or "p_value" in name]
            numbers += ["is_significant", "is_sequentially_significant", "sequential_ci_low"]
            numbers += ["guardrail_verdict", "sequential_guardrail_verdict"]
            keep = {"absolute_lift"} if self._is(0.5) else set()
            row |= dict.fromkeys(set(numbers) - keep) | {"status": "zero_variance"}
            row["status_reason"] = "It does not vary."
        self.tables["experiment_results"].append(row)
        # Another estimator, which is not the one to read.
        other = {"absolute_lift": -lift, "adjusted_p_value": 0.9}
        other |= dict.fromkeys(("guardrail_verdict", "sequential_guardrail_verdict"), "harmed")
        self.tables["experiment_results"].append({**row, **other, "is_headline": False})
        return row


def is_over(experiment: dict) -> bool:
    """Tell whether the planned duration has been reached."""
    return experiment["as_of_at"] >= experiment["planned_until_at"]


def counting_verdict(experiment: dict) -> str:
    """Name the verdict on a guardrail that counts: until the planned end, the sequential one."""
    return "guardrail_verdict" if is_over(experiment) else "sequential_guardrail_verdict"


def first_rule(
    experiment: dict,
    reference: str | None,
    statuses: list[str | None],
    stale: dict[str, bool],
    rows: Rows,
) -> str:
    """Say by which rule of docs/launch_decisions.md a variation is decided about."""
    watched = [row for row in rows if row["is_guardrail"]]
    verdicts = {row["metric_name"]: row[counting_verdict(experiment)] for row in watched}
    primary = next((row for row in rows if row["is_primary"]), {})
    p_value, lift = primary.get("adjusted_p_value"), primary.get("absolute_lift")
    gain = 0 if lift is None else lift * (-1 if primary["direction"] == "decrease" else 1)
    is_significant = p_value is not None and p_value < ALPHA
    sequential = primary.get("sequential_p_value")
    findings = {
        "failing_health_check": any(status not in ("ok", "warn") for status in statuses),
        "no_health_check": not statuses,
        "no_reference_variation": reference is None,
        "harmed_guardrail": "harmed" in verdicts.values(),
        "worse_primary_metric": is_significant and gain < 0,
        "no_primary_metric": experiment["primary_metric"] is None,
        "unmeasured_primary_metric": p_value is None,
        "primary_metric_not_better": not is_significant,
        "stale_guardrail": any(stale[name] for name in verdicts),
        "unmeasured_guardrail": None in verdicts.values(),
        # The other guardrail has no margin.
        "uncertain_guardrail": verdicts["views"] == "inconclusive",
        "too_early": not is_over(experiment) and (sequential is None or sequential >= ALPHA),
        "better_after_planned_duration": is_over(experiment),
        "better_at_every_look": True,
    }
    return next(rule for rule, holds in findings.items() if holds)


@pytest.fixture(scope="module")
def world() -> World:
    """Draw evidence."""
    return World(SEED)


@pytest.fixture(scope="module")
def decisions(statistics_models: StatisticsModels, world: World) -> Rows:
    """Decide about all of it at once, by the project's SQL."""
    with Warehouse() as database:
        database.create_tables(TABLES)
        for table in TABLES:
            # As objects, so that a missing number is null and no NaN.
            database.insert_frame(table, pd.DataFrame(world.tables[table], dtype=object))
        chain = Chain(("experiment_decisions",), frozenset(TABLES))
        run_models(database, statistics_models.project.compiled(chain))
        return results(database, "experiment_decisions")


def test_random_evidence_is_decided_by_the_rules(decisions: Rows, world: World) -> None:
    """Every row as a plain reading of the rules has it; each rule decides about some."""
    found = {(row["experiment_id"], row["variation_id"]): row["rule"] for row in decisions}
    assert found == world.expected
    assert {row["rule"]: row["verdict"] for row in decisions} == RULES
    assert min(Counter(found.values()).values()) >= 10


def test_nothing_is_shipped_that_should_not_be(decisions: Rows, world: World) -> None:
    """Whatever the rest: not by a failing check, beside harm or doubt, or without a gain."""
    checked = {row["experiment_id"] for row in world.tables["experiment_health"]}
    failing = {
        row["experiment_id"]
        for row in world.tables["experiment_health"]
        if row["status"] not in ("ok", "warn")
    }
    counting = {
        row["experiment_id"]: counting_verdict(row) for row in world.tables["dim_experiments"]
    }
    doubtful = {
        (row["experiment_id"], row["variation_id"])
        for row in world.tables["experiment_results"]
        if row["is_headline"] and (is_no_gain(row) or is_harm(row, counting[row["experiment_id"]]))
    }
    shipped = {
        (row["experiment_id"], row["variation_id"]) for row in decisions if row["verdict"] == "ship"
    }
    assert len(shipped) > EXPERIMENTS / 10
    assert {experiment for experiment, _ in shipped} <= checked - failing
    assert not shipped & doubtful


def is_no_gain(row: dict) -> bool:
    """Tell whether a primary metric is anything but significantly better."""
    sign = 1 if row["direction"] == "increase" else -1
    is_better = row["is_significant"] and row["absolute_lift"] * sign > 0
    return row["is_primary"] and not is_better


def is_harm(row: dict, verdict: str) -> bool:
    """Tell whether a guardrail is harmed, unknown or, where it has a margin, uncertain."""
    has_margin = METRICS[row["metric_name"]][2] is not None
    fine = {"not_harmed"} if has_margin else {"not_harmed", "inconclusive"}
    return row["is_guardrail"] and row[verdict] not in fine


def test_every_decision_has_its_reason(decisions: Rows) -> None:
    """A sentence without gaps."""
    assert [row for row in decisions if not row["reason"] or "?" in row["reason"]] == []


def test_the_sample_s_decisions(sample: duckdb.DuckDBPyConnection) -> None:
    """The banner that helps may be shipped; the colour not before its guardrail is sure."""
    found = sample.execute(
        "select experiment_name, variation_name, verdict, rule from experiment_decisions"
    ).fetchall()
    shipped = {row[:2] for row in found if row[2] == "ship"}
    assert shipped == {("covid_messaging_experiment", "message_2")}
    assert {row[2] for row in found if row[:2] not in shipped} == {"inconclusive"}
    assert ("button_colour_test", "green", "inconclusive", "uncertain_guardrail") in found
    assert ("saved_designs_gate", "open", "inconclusive", "primary_metric_not_better") in found
    assert len(found) == 6


def test_the_loss_in_brazil_is_told(sample: duckdb.DuckDBPyConnection) -> None:
    """Green wins in the whole, and in the sample's truth loses 40 % in one country."""
    rows = sample.execute(
        "select variation_name, segment_name, segment_value, relative_lift_ci_low < -0.4,"
        " relative_lift_ci_high > -0.4 from opposed_segments"
    ).fetchall()
    assert rows == [("green", "country", "BR", True, True)]
