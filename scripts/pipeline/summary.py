"""The short summary of a published file that ends a build."""

from pathlib import Path

import duckdb

from pipeline.errors import one_line

EXPERIMENT_LIMIT = 3
"""Experiments shown in full; the tables hold them all."""


def summarise(warehouse_path: Path) -> str:
    """Tell what a published file holds: units, metrics by variation, decisions, rows left out."""
    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        experiments = connection.execute(
            "select experiment_id, experiment_name, unit_count from dim_experiments"
            " order by unit_count desc, experiment_id"
        ).fetchall()
        parts = [
            _experiment(connection, *experiment) for experiment in experiments[:EXPERIMENT_LIMIT]
        ]
        hidden = len(experiments) - EXPERIMENT_LIMIT
        if hidden > 0:
            parts.append(f"... and {hidden} more experiments, in dim_experiments.")
        parts.append(_left_out(connection))
    return "\n\n".join(parts)


def _experiment(
    connection: duckdb.DuckDBPyConnection, experiment_id: str, name: str, unit_count: int
) -> str:
    variations = connection.execute(
        "select variation_id, variation_name, unit_count from dim_variations"
        " where experiment_id = ? order by coalesce(is_reference_variation, false) desc,"
        " variation_name",
        [experiment_id],
    ).fetchall()
    values = {
        (metric, variation): value
        for metric, variation, value in connection.execute(
            "select metric_name, variation_id, metric_value from variation_metrics"
            " where experiment_id = ?",
            [experiment_id],
        ).fetchall()
    }
    header = ["", *(variation_name for _, variation_name, _ in variations)]
    units = ["units", *(f"{count:,}" for *_, count in variations)]
    rows = [
        [metric, *(_number(values.get((metric, variation))) for variation, *_ in variations)]
        for metric in sorted({metric for metric, _ in values})
    ]
    title = f"{name} ({experiment_id}): {unit_count:,} units"
    decisions = _decisions(connection, experiment_id)
    return "\n".join([one_line(title), _table([header, units, *rows]), *decisions])


def _decisions(connection: duckdb.DuckDBPyConnection, experiment_id: str) -> list[str]:
    decisions = connection.execute(
        "select variation_name, verdict, reason from experiment_decisions"
        " where experiment_id = ? order by variation_name",
        [experiment_id],
    ).fetchall()
    return [f"  {one_line(f'{name}: {verdict}. {reason}')}" for name, verdict, reason in decisions]


def _left_out(connection: duckdb.DuckDBPyConnection) -> str:
    sources = connection.execute(
        "select source_name, raw_row_count, used_row_count from source_row_counts"
        " order by source_name"
    ).fetchall()
    reasons: dict[str, list[str]] = {}
    for source, reason, count in connection.execute(
        "select source_name, reason, row_count from excluded_rows order by row_count desc, reason"
    ).fetchall():
        reasons.setdefault(source, []).append(f"{reason} {count:,}")
    lines = [
        f"  {source}: {used:,} of {raw:,} used"
        + (f"; left out: {', '.join(reasons[source])}" if source in reasons else "")
        for source, raw, used in sources
    ]
    return "\n".join(["Rows", *lines])


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.4f}" if abs(value) < 100 else f"{value:,.2f}"  # noqa: PLR2004 - cosmetic


def _table(rows: list[list[str]]) -> str:
    """Align the first column left and the others right."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  " + "  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)
