"""scripts/aa_check: right models keep their error rate on the sample's units, wrong ones don't."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from calibration import controls
from calibration.chain import Mutation
from engine.compile import Model, Project
from engine.warehouse import Warehouse
from pipeline.published import open_published
from planning import aa_check
from planning.aa_check import Finding, judge
from planning.rerandomise import CHAIN, past_units, published_settings, rerandomised

EXPERIMENT = "18794561209"
RATIO = "Tasks per active user"
PAGES = "Page views per visitor"
LATENCY = "90th percentile of task latency"
UNITS = 2_600
RUNS = 400
HALF_THE_VARIANCE = Mutation(
    "half the variance",
    tuple(
        ("absolute_lifts", rf" as {part}\b(?=,|\s+from)", f" * 0.5e0 as {part}")
        for part in ("own_share", "reference_share")
    ),
)


def findings_of(
    p_values: np.ndarray, alpha: float = 0.05, reason: str | None = None
) -> list[Finding]:
    """Judge one metric whose two tests have these p-values."""
    rows = pd.DataFrame({"p_value": p_values, "sequential_p_value": p_values})
    rows = rows.assign(metric_name="m", estimator="raw", is_headline=True, status_reason=reason)
    return judge(rows, alpha)


@pytest.mark.parametrize(
    ("positives", "verdicts"),
    [(50, ["keeps", "keeps"]), (80, ["exceeds", "exceeds"]), (20, ["falls_short", "keeps"])],
)
def test_a_rate_is_judged_by_its_band(positives: int, verdicts: list[str]) -> None:
    """Of a thousand; a sequential test may well find less at one look."""
    found = findings_of(np.where(np.arange(1_000) < positives, 0.01, 0.5))
    assert [finding.verdict for finding in found] == verdicts
    for finding in found:
        assert (finding.run_count, finding.false_positive_count) == (1_000, positives)
        assert finding.false_positive_rate == positives / 1_000
        assert (finding.reason is None) == (finding.verdict == "keeps")


def test_a_rate_of_few_is_none() -> None:
    """Those without a p-value do not count, and the reason is theirs."""
    p_values = np.where(np.arange(1_000) < 199, 0.5, np.nan)
    for finding in findings_of(p_values, reason="The skewness is too large."):
        assert (finding.verdict, finding.run_count) == ("too_few", 199)
        assert (finding.false_positive_rate, finding.band_low) == (None, None)
        assert finding.reason == (
            "199 re-randomisations gave a p-value, of 200 that it takes. The skewness is too large."
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Parse the project."""
    return Project(tmp_path_factory.mktemp("aa_check"), Warehouse)


@pytest.fixture(scope="module")
def settings(sample_build: Path) -> dict[str, object]:
    """Give the vars of the sample's build."""
    with open_published(sample_build) as tables:
        return published_settings(tables)


def findings_on_sample(
    sample_build: Path, models: list[Model], metrics: list[str]
) -> dict[tuple[str, str, str], Finding]:
    """Deal out the units of the experiment; give what is found, by metric, estimator and test."""
    told: list[int] = []
    with past_units(sample_build, EXPERIMENT, metrics) as (database, row_count):
        assert row_count == UNITS * len(metrics)
        rows = rerandomised(
            database, models, row_count=row_count, runs=RUNS, share=0.5, told=told.append
        )
        shares = database.rows(
            "select count(*) as units, avg(cast(variation_id = 'variation' as integer)) as share"
            " from assignments group by experiment_id"
        )
    assert told[-1] == RUNS
    assert {row["units"] for row in shares} == {UNITS}
    assert len({row["share"] for row in shares}) > len(shares) / 4
    assert np.mean([row["share"] for row in shares]) == pytest.approx(0.5, abs=0.01)
    return {(found.metric_name, found.estimator, found.test): found for found in judge(rows, 0.05)}


def test_right_models_keep_their_rate(
    project: Project, settings: dict[str, object], sample_build: Path
) -> None:
    """A ratio, a mean with a cap and a covariate, and a quantile of events."""
    models = project.compiled(CHAIN, **settings)
    found = findings_on_sample(sample_build, models, [RATIO, PAGES, LATENCY])
    estimators = {
        *((RATIO, estimator) for estimator in ("raw", "cuped")),
        *((PAGES, estimator) for estimator in ("raw", "capped", "cuped")),
        (LATENCY, "raw"),
    }
    assert set(found) == {(*pair, test) for pair in estimators for test in ("fixed", "sequential")}
    assert {finding.verdict for finding in found.values()} == {"keeps"}, found
    assert {finding.run_count for finding in found.values()} == {RUNS}


@pytest.mark.parametrize(
    ("mistake", "verdict"),
    [(HALF_THE_VARIANCE, "exceeds"), (controls.UNRELATED_RATIO, "falls_short")],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_wrong_model_is_found(
    project: Project,
    settings: dict[str, object],
    sample_build: Path,
    mistake: Mutation,
    verdict: str,
) -> None:
    """On the same units, dealt out in the same ways; a ratio's parts go together."""
    models = mistake.apply(project.compiled(CHAIN, **settings))
    found = findings_on_sample(sample_build, models, [RATIO])
    assert found[RATIO, "raw", "fixed"].verdict == verdict


def test_the_command_shows_every_estimator_and_test(
    project: Project,
    sample_build: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of the experiment that is named, for people and as a document."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(sample_build))
    monkeypatch.setattr(
        aa_check,
        "compiled_models",
        lambda _, given: project.compiled(CHAIN, **given),
    )
    arguments = [EXPERIMENT, "--metric", RATIO, "--runs", "20", "--split", "80/20"]
    assert aa_check.main([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["experiment_id"] == EXPERIMENT
    assert (document["run_count"], document["variation_share"]) == (20, pytest.approx(0.2))
    found = {
        (finding["metric_name"], finding["estimator"], finding["test"], finding["verdict"])
        for finding in document["findings"]
    }
    assert found == {
        (RATIO, estimator, test, "too_few")
        for estimator in ("raw", "cuped")
        for test in ("fixed", "sequential")
    }
    assert aa_check.main(arguments) == 0
    text = capsys.readouterr().out
    assert "2,600 units, dealt out anew 20 times, 80 / 20" in text
    assert "20 re-randomisations gave a p-value, of 200 that it takes." in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no such experiment"], "There is no experiment 'no such experiment'."),
        ([EXPERIMENT, "--metric", "Tasks"], "There is no metric of the experiment 'Tasks'."),
        (["--runs", "some"], "--runs is 'some', but must be a whole number from 10 to 100,000."),
        (["--split", "50/30/20"], "units are dealt out to two variations."),
        (["--split", "90/20"], "--split is '90/20', which adds up to 110."),
        ([EXPERIMENT, "--seeds", "3"], "unrecognized arguments: --seeds"),
    ],
)
def test_a_wrong_argument_is_told_in_a_line(
    sample_build: Path,
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before anything is computed."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(sample_build))
    assert aa_check.main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.count("\n") == 1
