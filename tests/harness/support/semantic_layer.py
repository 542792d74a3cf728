"""MetricFlow over the project's semantic layer: validates it, and asks published tables by it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from dbt.contracts.graph.manifest import Manifest, WritableManifest
from dbt.contracts.graph.semantic_manifest import SemanticManifest
from metricflow.data_table.mf_table import MetricFlowDataTable
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.validation.data_warehouse_model_validator import DataWarehouseModelValidator
from metricflow_semantic_interfaces.validations.semantic_manifest_validator import (
    SemanticManifestValidator,
)
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

WAREHOUSE_CHECKS = ("semantic_models", "dimensions", "entities", "simple_metrics", "metrics")


class PublishedClient:
    """Runs MetricFlow's SQL in a published file, read-only; the mf command opens it for writing."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Ask by a connection."""
        self._connection = connection

    def query(self, stmt: str, **_: object) -> MetricFlowDataTable:
        """Give a query's rows."""
        result = self._connection.execute(stmt)
        names = [column[0] for column in result.description]
        return MetricFlowDataTable.create_from_rows(names, result.fetchall())

    def dry_run(self, stmt: str, **_: object) -> None:
        """Have a query planned, which fails where it names what there is not."""
        self._connection.execute(f"explain {stmt}")

    def close(self) -> None:
        """Leave the connection to whoever gave it."""


class SemanticLayer:
    """The semantic layer of a published build."""

    def __init__(self, manifest: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Take the definitions from dbt's manifest of the build that the connection reads."""
        written = WritableManifest.read_and_check_versions(str(manifest))
        layer = SemanticManifest(Manifest.from_writable_manifest(written))
        text = layer._get_pydantic_semantic_manifest().json()  # noqa: SLF001 - else only to a file
        self.manifest = parse_manifest_from_dbt_generated_manifest(text)
        self._client = PublishedClient(connection)
        self._engine = MetricFlowEngine(SemanticManifestLookup(self.manifest), self._client)

    def problems(self) -> list[str]:
        """Say what is wrong with the definitions, alone or beside the columns of the tables."""
        warehouse = DataWarehouseModelValidator(self._client)
        results = [
            SemanticManifestValidator().validate_semantic_manifest(self.manifest),
            *(getattr(warehouse, f"validate_{each}")(self.manifest) for each in WAREHOUSE_CHECKS),
        ]
        return [
            issue.as_readable_str()
            for result in results
            for issue in (*result.errors, *result.future_errors)
        ]

    def ask(
        self, metrics: Sequence[str], group_by: Sequence[str], where: str | None = None
    ) -> set[tuple[Any, ...]]:
        """Give the rows of a query: what it is grouped by, and the metrics."""
        where_constraints = [where] if where else None
        return self._rows(
            [*group_by, *metrics],
            metric_names=metrics,
            group_by_names=group_by,
            where_constraints=where_constraints,
        )

    def ask_saved(self, name: str, columns: Sequence[str]) -> set[tuple[Any, ...]]:
        """Give the rows of a saved query, which has these columns and no other."""
        return self._rows(columns, saved_query_name=name)

    def _rows(self, columns: Sequence[str], **query: object) -> set[tuple[Any, ...]]:
        result = self._engine.query(MetricFlowQueryRequest.create(**query)).result_df
        assert set(result.column_names) == set(columns)
        places = [list(result.column_names).index(column) for column in columns]
        return {tuple(row[place] for place in places) for row in result.rows}
