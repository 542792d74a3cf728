"""The options of `dbt build` that scripts/build passes on: what they are, and which there are."""

import contextlib
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipeline import cli
from pipeline.secret_vars import looks_secret, refuse_secrets
from pipeline.settings import PROJECT_ROOT

KNOWN = (
    (
        "-s, --select TEXT",
        "Only these models and tests, in dbt's syntax: obs_x+ is obs_x and all after it.",
    ),
    ("--exclude TEXT", "All but these."),
    ("--selector NAME", "Only what a selector of selectors.yml names."),
    (
        "--resource-type TYPE",
        "Only models, only tests, …; --exclude-resource-type leaves them out.",
    ),
    ("--vars '{NAME: VALUE}'", "Set vars for this run; dbt_project.yml explains them all."),
    ("-f, --full-refresh", "Make incremental models anew."),
    ("-x, --fail-fast", "Stop at the first failure."),
    ("--threads N", "Run so many models and tests at once (default: DBT_THREADS, or 2)."),
    ("-t, --target NAME", "The target of profiles/profiles.yml (default: DBT_TARGET, or duckdb)."),
    ("--empty", "Read no rows: check that the models run."),
)
"""Those that people use, for the help; any other that dbt knows is passed on as well."""

# With one of these a build holds less than everything, and is not published. Where the environment
# sets one, it is.
SELECTIONS = (
    "select",
    "exclude",
    "selector",
    "resource_types",
    "exclude_resource_types",
    "empty",
    "sample",
)


@dataclass(frozen=True)
class DbtOptions:
    """Arguments for `dbt build`, and what they mean for publishing."""

    arguments: list[str]
    is_partial: bool
    manifest: Path | None
    """Where dbt writes its manifest; None where it is told not to."""


def read_dbt_options(
    arguments: Sequence[str], needed: Sequence[str], *, unit_tests: bool
) -> DbtOptions:
    """Check arguments as dbt does before it runs; its own option goes before one that we need.

    unit_tests: whether a build of everything runs them; a selection runs those that it selects.
    """
    given = [*needed, *arguments]
    said = io.StringIO()
    try:
        # What dbt prints here besides its complaint is for those who call dbt.
        with contextlib.redirect_stdout(said):
            from dbt.cli.main import build  # noqa: PLC0415 - seconds, which --help need not wait for

            context = build.make_context("build", list(given), allow_extra_args=True)
    except click.NoSuchOption as error:
        near = difflib.get_close_matches(error.option_name, [cli.JSON_OPTION])
        error.possibilities = [*near, *(error.possibilities or [])]
        raise
    except click.BadParameter as error:
        if not looks_secret(error.message):
            raise
        message = "it is not valid YAML."
        raise click.BadParameter(message, error.ctx, error.param) from None
    except click.exceptions.Exit:
        cli.show(said.getvalue())
        raise
    cli.refuse_extra(context.args)
    options: dict[str, Any] = context.params
    refuse_secrets(options["vars"])
    is_partial = any(
        options.get(name) and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        for name in SELECTIONS
    )
    if not (is_partial or unit_tests):
        # They test the project's SQL, which is the same whatever the data.
        excluded = dict.fromkeys([*options["exclude_resource_types"], "unit_test"])
        given = [*(f"--exclude-resource-type={name}" for name in excluded), *given]
    return DbtOptions(
        arguments=given,
        is_partial=is_partial,
        manifest=_manifest(options),
    )


def _manifest(options: dict[str, Any]) -> Path | None:
    if not options.get("write_json"):
        return None
    return PROJECT_ROOT / (options.get("target_path") or "target") / "manifest.json"
