"""Data that are larger than the memory."""

import contextlib
import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from engine.run import ModelError
from engine.warehouse import Warehouse
from faults.lab import Lab
from sample_data.export import write_export
from sample_data.large import large

VISITORS = 6000
# With this the models of so many visitors need the disk; with the other no build can begin.
LITTLE, TOO_LITTLE = "80MB", "8MB"


def more_data_than_memory(lab: Lab) -> None:
    """Run the models with little memory, then without a disk, and the command with too little."""
    data = lab.root / "larger"
    write_export(large(1, visitors=VISITORS, experiments=2, days=10), data)

    def enlarge(export: Path) -> None:
        for kind in ("type=decisions", "type=events"):
            shutil.rmtree(export / kind)
            shutil.copytree(data / kind, export / kind)

    whole = lab.look(change=enlarge)
    # What a database in memory can't hold goes below the folder that one stands in.
    with mock.patch.object(Warehouse, "memory_limit", LITTLE), contextlib.chdir(lab.root):
        assert lab.look(change=enlarge).tables == whole.tables
        without_disk = mock.patch(
            "engine.warehouse._session_settings", return_value={"temp_directory": ""}
        )
        with without_disk, pytest.raises(ModelError, match="Out of Memory"):
            lab.look(change=enlarge)
    with mock.patch.dict(os.environ, DUCKDB_MEMORY_LIMIT=TOO_LITTLE):
        lab.refused(said="Set DUCKDB_MEMORY_LIMIT to more")
