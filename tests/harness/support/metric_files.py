"""How a metric is written as a file, and how a copy of the project is given other metrics."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from oracle.metrics import Cap, Condition, Filter, Metric, Number, Part, Source, Step, Value

OBSERVATIONS = Path("models/observations")
METRICS_VAR = re.compile(r"(^    metrics:)(?: .*\n|\n(?:      - .*\n)*)", re.MULTILINE)
# Text that is already an expression of the template.
REFS = {"events": "ref('experiment_events')", "calls": "ref('experiment_calls')"}


def literal(value: Number | str | bool) -> str:  # noqa: FBT001 - a value like the others
    """Write a value of Python in the template's language."""
    return json.dumps(value)


def source_term(sources: Sequence[Source]) -> str:
    """Write one source as itself, several as a list."""
    refs = [REFS[source] for source in sources]
    return refs[0] if len(refs) == 1 else f"[{', '.join(refs)}]"


def dict_term(terms: dict[str, str]) -> str:
    """Write a dict of terms."""
    return "{" + ", ".join(f"'{name}': {term}" for name, term in terms.items()) + "}"


def term(value: object) -> str:
    """Write what an argument is given."""
    if isinstance(value, Filter | Value):
        return literal(value.sql)
    if isinstance(value, Part | Condition | Step | Cap):
        return dict_term(given_terms(value))
    if isinstance(value, tuple):
        return "[" + ", ".join(term(each) for each in value) + "]"
    return literal(value)


def given_terms(definition: Metric | Part | Condition | Step | Cap) -> dict[str, str]:
    """Write what a definition gives, by the argument's name."""
    terms: dict[str, str] = {}
    for name, value in vars(definition).items():
        if value is None or value is False or value == ():
            continue
        if name == "sources":
            terms["source"] = source_term(value)
        elif name == "default_value" and value == "none":
            terms[name] = "none"
        else:
            terms[name] = term(value)
    return terms


def metric_file(metric: Metric) -> str:
    """Write the file of a metric."""
    arguments = "".join(f"    {name}={term},\n" for name, term in given_terms(metric).items())
    return call("\n" + arguments)


def call(arguments: str) -> str:
    """Write the file of a metric, right or wrong, from its arguments as they stand there."""
    return "{{ metric_observations(" + arguments + ") }}\n"


def model_name(metric: Metric) -> str:
    """Name the model of a metric."""
    return "obs_" + re.sub(r"\W+", "_", metric.name)


def declare_metrics(project: Path, metrics: Sequence[Metric]) -> None:
    """Put the metrics in place of a project's own."""
    folder = project / OBSERVATIONS
    shutil.rmtree(folder)
    folder.mkdir()
    for metric in metrics:
        (folder / f"{model_name(metric)}.sql").write_text(metric_file(metric), encoding="utf-8")
    list_metrics(project, [model_name(metric) for metric in metrics])


def add_metrics(project: Path, files: Mapping[str, str]) -> None:
    """Give a project metrics beside its own: the files, by the names of their models."""
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    own = settings["vars"]["experiment_metrics"]["metrics"]
    for model, text in files.items():
        (project / OBSERVATIONS / f"{model}.sql").write_text(text, encoding="utf-8")
    list_metrics(project, [*own, *files])


def keep_metrics(project: Path, models: Sequence[str]) -> None:
    """Leave a project no metrics but these of its own."""
    for file in (project / OBSERVATIONS).glob("*.sql"):
        if file.stem not in models:
            file.unlink()
    list_metrics(project, models)


def list_metrics(project: Path, models: Sequence[str]) -> None:
    """Say which models are metrics."""
    file = project / "dbt_project.yml"
    settings = file.read_text(encoding="utf-8")
    listed = re.sub(METRICS_VAR, rf"\1 {json.dumps(list(models))}\n", settings)
    file.write_text(listed, encoding="utf-8")
