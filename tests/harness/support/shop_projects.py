"""The project with the shop's metrics, compiled for a few settings; and what those settings are."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from agreement import DEFAULTS
from compiled import CompiledProject, bare_project, dbt_vars
from metric_files import keep_metrics
from oracle.raw import DAY, HOUR, Settings
from oracle.shop import SHOP_METRICS
from worlds import T0

SEED_CALLS = "crossovers excluded, short window, segments crossed and cut, calls from the seed"
AS_OF = "as of a day in the middle"
VARIANTS: dict[str, Settings] = {
    "defaults": DEFAULTS,
    SEED_CALLS: replace(
        DEFAULTS,
        window_hours=1.5,
        crossover_policy="exclude",
        segments=("browser", "plan", "browser*plan", "plan * browser*device", "no such segment"),
        segment_value_limit=2,
    ),
    "variations pooled": replace(DEFAULTS, pools=(("the 'pool'", ("a", "A")),)),
    AS_OF: replace(DEFAULTS, as_of=T0 + 2 * DAY + HOUR),
}
Projects = Callable[[str], CompiledProject]


def shop_projects(folder: Path) -> Projects:
    """Compile the project at most once per variant of the settings that is compiled into it."""
    project = bare_project(folder / "project")
    keep_metrics(project, ["obs_" + each.name.lower().replace(" ", "_") for each in SHOP_METRICS])

    @cache
    def compiled(settings: Settings, *, has_call_csv: bool) -> CompiledProject:
        directory = folder / f"compiled {len(list(folder.iterdir()))}"
        directory.mkdir()
        return CompiledProject(
            directory, dbt_vars(settings), project=project, has_call_csv=has_call_csv
        )

    return lambda variant: compiled(
        replace(VARIANTS[variant], as_of=None), has_call_csv=variant != SEED_CALLS
    )
