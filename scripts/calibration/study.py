"""Which experiments are simulated, in full and in short, and what is measured of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from engine.compile import Project

from calibration import controls
from calibration.bands import Check
from calibration.chain import (
    DAYS_CHAIN,
    RESULTS_CHAIN,
    SAMPLE_RATIO_CHAIN,
    Mutation,
)
from calibration.comparisons import (
    ADJUSTMENTS,
    check_comparisons,
    check_families,
    compare,
    same_p_values,
    subject,
)
from calibration.looks import check_looks, check_peeking, ever_significant, look
from calibration.populations import POPULATIONS
from calibration.sample_ratio import check_sample_ratio
from calibration.simulate import ODDS, Plan
from calibration.skewness import (
    SKEWED,
    SKEWED_LOOKS,
    SkewedStudy,
    check_power,
    check_skewed,
    compare_skewed,
    lifted,
    look_at_skewed,
    subject_of_skewed,
    uneven,
    unguarded,
)
from calibration.ties import TiedFinding, TiedPlan, find_tied, tied_plans

TWO_ARMS = (0.5, 0.5, 0.0)
UNEVEN = ODDS["uneven"]
# The sequential intervals of two arms are tightest about the middle of the simulated days.
SEQUENTIAL_TARGET = 400
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """The plans of a run: the first comparison of a population is that of its controls."""

    comparisons: tuple[Plan, ...]
    looks: tuple[Plan, ...]
    family: Plan
    sample_ratios: int
    control_experiments: int
    skewed: SkewedStudy
    """Its first comparison and first look are those of the controls."""
    tied: tuple[TiedPlan, ...] = ()


FULL = Study(
    comparisons=(
        Plan("mean", 10_000, 900),
        Plan("mean", 10_000, 2_200, UNEVEN),
        Plan("mean with history", 10_000, 900),
        Plan("mean with history", 10_000, 2_200, UNEVEN),
        Plan("conversion", 10_000, 3_000),
        Plan("conversion", 10_000, 1_100, UNEVEN),
        Plan("ratio", 10_000, 900),
        Plan("ratio", 10_000, 2_200, UNEVEN, is_few=True),
        Plan("ratio", 10_000, 5_500, UNEVEN),
        Plan("quantile of units", 10_000, 900),
        Plan("quantile of units", 2_000, 6_000),
        Plan("quantile of units", 10_000, 2_200, UNEVEN),
        Plan("quantile of events", 10_000, 900),
        Plan("quantile of events", 10_000, 1_650, UNEVEN),
        Plan("rare conversion", 10_000, 1_500),
        Plan("heavy tails", 10_000, 1_500),
    ),
    looks=(
        Plan("plain mean", 10_000, 1_140, days=28),
        Plan("skewed mean", 10_000, 1_140, days=28),
    ),
    family=Plan("plain mean", 10_000, 60, TWO_ARMS, metrics=20),
    sample_ratios=20_000,
    control_experiments=2_000,
    skewed=SkewedStudy(
        comparisons=(
            uneven("rare conversion", 100, 9),
            uneven("rare conversion", 200, 2),
            uneven("rare conversion", 500, 1),
            uneven("rare conversion", 500, 9),
            uneven("1% conversion", 100, 19),
            uneven("1% conversion", 1_000, 4),
            uneven("10% conversion", 50, 9),
            uneven("10% conversion", 100, 9),
            uneven("10% conversion", 100, 99),
            uneven("80% conversion", 30, 99),
            uneven("80% conversion", 50, 99),
            uneven("80% conversion", 50, 4),
            uneven("revenue of 2%", 100, 9),
            uneven("revenue of 2%", 1_000, 1),
            uneven("revenue of 2%", 1_000, 4),
            uneven("revenue of 5%", 500, 4),
            uneven("revenue of 10%", 50, 19),
            uneven("revenue of 10%", 500, 9),
            uneven("skewed mean", 50, 1),
            uneven("skewed mean", 50, 2),
            uneven("skewed mean", 100, 4),
            uneven("skewed mean", 200, 9),
            uneven("skewed mean", 100, 99),
            uneven("heavy tails", 500, 2),
            uneven("plain mean", 50, 19),
            uneven("plain mean", 50, 99),
            uneven("revenue per order of 100%", 100, 1),
            uneven("revenue per order of 100%", 100, 4),
            uneven("revenue per order of 100%", 200, 9),
            uneven("revenue per order of 100%", 100, 49),
            uneven("revenue per order of 10%", 100, 1),
            uneven("revenue per order of 10%", 700, 1),
            uneven("revenue per order of 10%", 1_000, 4),
            uneven("loyal spend", 50, 2),
            uneven("loyal spend", 100, 9),
            uneven("foreseen spend", 50, 9),
            uneven("foreseen spend", 300, 9),
        ),
        looks=(
            uneven("rare conversion", 57, 19, experiments=2_000, days=28),
            uneven("10% conversion", 57, 19, experiments=2_000, days=28),
            uneven("10% conversion", 550, 1, experiments=2_000, days=28),
            uneven("conversion", 11, 99, experiments=2_000, days=28),
            uneven("skewed mean", 57, 19, experiments=2_000, days=28),
        ),
        power=(
            lifted("conversion", 1_000, 1),
            lifted("conversion", 500, 9),
            lifted("plain mean", 500, 1),
            lifted("plain mean", 400, 2),
            lifted("skewed mean", 1_500, 1),
            lifted("skewed mean", 1_000, 4),
        ),
    ),
    tied=tied_plans(small=1_000, large=100),
)
SHORT = Study(
    comparisons=(
        Plan("mean", 2_000, 300),
        Plan("ratio", 2_000, 300),
        Plan("conversion", 2_000, 330, UNEVEN),
        Plan("quantile of units", 1_000, 600),
    ),
    looks=(Plan("plain mean", 300, 330, days=10),),
    family=Plan("plain mean", 300, 24, TWO_ARMS, metrics=20),
    sample_ratios=20_000,
    control_experiments=1_000,
    skewed=SkewedStudy(
        comparisons=(
            uneven("rare conversion", 100, 9, experiments=2_000),
            uneven("10% conversion", 100, 9, experiments=2_000),
            uneven("foreseen spend", 50, 4, experiments=2_000),
        ),
        looks=(uneven("rare conversion", 30, 19, experiments=200, days=7),),
        power=(lifted("plain mean", 100, 1, experiments=500),),
    ),
    tied=(
        TiedPlan("counts, 3 on average", 300, 600),
        TiedPlan("ten price points", 300, 600),
        TiedPlan("latencies to 1 ms", 300, 600),
        TiedPlan("latencies, not rounded", 300, 600),
    ),
)


@dataclass
class Measured:
    """What a study found."""

    checks: list[Check] = field(default_factory=list)
    controls: dict[str, Check] = field(default_factory=dict)
    """By the name of a mistake, the check that has to find it."""
    p_values: dict[str, np.ndarray] = field(default_factory=dict)
    """Of A/A comparisons, by what they are of."""
    ever: dict[str, np.ndarray] = field(default_factory=dict)
    """The share of A/A experiments that were significant on any day until each."""
    tied: list[TiedFinding] = field(default_factory=list)

    @property
    def judged_count(self) -> int:
        """Count the checks that have a band."""
        return sum(check.is_judged for check in self.checks) + len(self.tied)

    @property
    def failures(self) -> list[Check]:
        """Give the checks whose numbers are not in their bands."""
        checks = [*self.checks, *(finding.check() for finding in self.tied)]
        return [check for check in checks if not check.holds]

    @property
    def missed(self) -> list[str]:
        """Name the mistakes that no check found."""
        return [name for name, check in self.controls.items() if check.holds]


def measure(project: Project, study: Study, progress: Progress = print) -> Measured:
    """Run a study."""
    measured = Measured()
    _measure_comparisons(project, study, measured, progress)
    _measure_looks(project, study, measured, progress)
    _measure_families(project, study, measured, progress)
    _measure_sample_ratio(project, study, measured, progress)
    _measure_skewed(project, study.skewed, measured, progress)
    _measure_ties(project, study, measured, progress)
    return measured


def _measure_comparisons(
    project: Project, study: Study, measured: Measured, progress: Progress
) -> None:
    models = project.compiled(RESULTS_CHAIN)
    for plan in study.comparisons:
        progress(f"{plan.population}, {plan.experiments:,} experiments of {plan.units:,} units")
        rows = compare(models, plan)
        measured.checks += check_comparisons(plan, rows)
        for estimator in POPULATIONS[plan.population].estimators if not plan.is_few else ():
            p_values = same_p_values(rows, estimator)
            measured.p_values[subject(plan, estimator)] = p_values
    mistakes = {
        controls.SMALL_ERRORS: "mean",
        controls.UNRELATED_RATIO: "ratio",
        controls.FIXED_DENOMINATORS: "ratio",
    }
    for mutation, population in mistakes.items():
        plan = next(plan for plan in study.comparisons if plan.population == population)
        plan = replace(plan, experiments=study.control_experiments)
        progress(f"mistake: {mutation.name}")
        rows = compare(mutation.apply(models), plan)
        measured.controls[mutation.name] = check_comparisons(plan, rows)[0]


def _measure_looks(project: Project, study: Study, measured: Measured, progress: Progress) -> None:
    models = project.compiled(DAYS_CHAIN, sequential_target_units=SEQUENTIAL_TARGET)
    for plan in study.looks:
        name = f"{plan.population}, {plan.days} days"
        progress(f"{name}, {plan.experiments:,} experiments of {plan.units:,} units")
        looks = look(models, plan)
        measured.checks += check_looks(plan, looks, name)
        measured.controls[f"fixed p-values, read every day: {name}"] = check_peeking(
            plan, looks, name
        )
        for column, kind in (("sequential_p_value", "sequential"), ("p_value", "fixed")):
            measured.ever[f"{plan.population}, {kind}"] = _curve(looks, column, plan)
    plan = replace(study.looks[0], experiments=min(study.looks[0].experiments, 1_000))
    progress(f"mistake: {controls.PEEKING.name}")
    measured.controls[controls.PEEKING.name] = _peek(project, controls.PEEKING, plan)


def _curve(looks: pd.DataFrame, column: str, plan: Plan) -> np.ndarray:
    return ever_significant(looks, column, plan.days).mean(axis=0)


def _peek(project: Project, mutation: Mutation, plan: Plan) -> Check:
    models = project.compiled(DAYS_CHAIN, sequential_target_units=SEQUENTIAL_TARGET)
    looks = look(mutation.apply(models), plan)
    return check_looks(plan, looks, mutation.name)[0]


def _measure_families(
    project: Project, study: Study, measured: Measured, progress: Progress
) -> None:
    progress(f"{study.family.experiments:,} experiments of {study.family.metrics} metrics")
    models = project.compiled(RESULTS_CHAIN)
    adjusted = {
        key: next(
            model
            for model in project.compiled(RESULTS_CHAIN, p_value_adjustment=key)
            if model.name == "adjusted_p_values"
        )
        for key in ADJUSTMENTS
    }
    checks = check_families(models, adjusted, study.family)
    measured.controls[ADJUSTMENTS["none"]] = checks.pop("none")
    measured.checks += checks.values()


def _measure_sample_ratio(
    project: Project, study: Study, measured: Measured, progress: Progress
) -> None:
    progress(f"{study.sample_ratios:,} splits of units")
    models = project.compiled(SAMPLE_RATIO_CHAIN)
    measured.checks += check_sample_ratio(models, study.sample_ratios)
    mistake = controls.FREE_SPLIT
    measured.controls[mistake.name] = check_sample_ratio(
        mistake.apply(models), study.sample_ratios
    )[0]


def _measure_skewed(
    project: Project, study: SkewedStudy, measured: Measured, progress: Progress
) -> None:
    for section, plans, find in (
        (SKEWED, study.comparisons, compare_skewed),
        (SKEWED_LOOKS, study.looks, look_at_skewed),
    ):
        checks = []
        for plan in plans:
            progress(f"skewed: {subject_of_skewed(plan)}, {plan.experiments:,} experiments")
            checks.append(check_skewed(section, plan, find(project, plan)))
        measured.checks += checks
        name = f"{controls.WELCH_ALONE.name}: {checks[0].subject}"
        measured.controls[name] = unguarded(checks[0])
    for plans in study.power:
        progress(f"power: {subject_of_skewed(plans[0])}")
        found = [compare_skewed(project, plan) for plan in plans]
        measured.checks.append(check_power(plans, found))


def _measure_ties(project: Project, study: Study, measured: Measured, progress: Progress) -> None:
    for plan in study.tied:
        progress(f"tied values: {plan.subject}, {plan.experiments:,} experiments")
        measured.tied.append(find_tied(project, plan))
