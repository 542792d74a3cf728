"""What is kept beside a published file: dbt's manifest of the build that made it."""

import json
from pathlib import Path

from pipeline.disk import sync
from pipeline.errors import one_line


def state_file(warehouse_path: Path) -> Path:
    """Give the place of the manifest of a published file: each has its own."""
    return warehouse_path.with_name(f"{warehouse_path.name}.state") / "manifest.json"


def keep_state(manifest: Path, invocation_id: str, warehouse_path: Path) -> list[str]:
    """Keep dbt's manifest as the published file's state, for `dbt build --state` to compare with.

    Where it can't be kept, there is none, and a warning. Another run of dbt may use the folder that
    dbt writes to; its manifest is not this file's.
    """
    state = state_file(warehouse_path)
    new = state.with_name("manifest.json.new")
    try:
        text = manifest.read_bytes()
        if json.loads(text)["metadata"]["invocation_id"] != invocation_id:
            return [f"published, but not its manifest: another run of dbt has replaced {manifest}."]
        state.parent.mkdir(exist_ok=True)
        new.write_bytes(text)
        sync(new)
        new.replace(state)
        sync(state.parent)
    except (OSError, ValueError, KeyError) as error:
        return [f"published, but not its manifest: {one_line(str(error))}"]
    return []


def metric_queries(warehouse_path: Path) -> dict[str, str]:
    """Give the SQL that a published file's metrics were built by, by the names of their models.

    There is none where the state is missing, or is no manifest.
    """
    try:
        nodes = json.loads(state_file(warehouse_path).read_bytes())["nodes"].values()
        return {
            node["name"]: node["compiled_code"].strip()
            for node in nodes
            if node.get("compiled_code") and "metric" in node["tags"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
