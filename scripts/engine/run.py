"""Runs compiled models in a warehouse: the statements of `dbt run`, without hooks and contracts."""

from collections.abc import Iterable

from engine.compile import Model
from engine.warehouse import Warehouse


class ModelError(Exception):
    """A model can't be run on the tables that it reads."""


def run_models(database: Warehouse, models: Iterable[Model]) -> None:
    """Run models in their order; each replaces its table. A view is computed once, as a table."""
    for model in models:
        if model.materialized == "ephemeral":
            continue  # dbt has written it into the models that read it
        if model.materialized not in ("table", "view"):
            message = f"{model.name} is materialized as {model.materialized}: teach the engine to."
            raise NotImplementedError(message)
        try:
            database.create_table_as(model.name, model.sql)
        except database.error as error:
            message = f"{model.name}: {error}"
            raise ModelError(message) from error
