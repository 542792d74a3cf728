"""The notebook of examples/notebook runs on the published sample, and its results are known."""

import re
from pathlib import Path

import nbformat
import pytest
from conftest import PROJECT_ROOT, consumed
from nbclient import NotebookClient

FILE = PROJECT_ROOT / "examples" / "notebook" / "results.ipynb"


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    """Give the notebook as it is kept."""
    return nbformat.read(FILE, as_version=4)


def text_of(cell: nbformat.NotebookNode) -> str:
    """Give what a cell shows."""
    data = [output.data for output in cell.outputs]
    shown = "\n".join(each.get("text/html", each["text/plain"]) for each in data)
    return re.sub(r"<[^>]+>", " ", shown)


def test_it_is_kept_without_outputs(notebook: nbformat.NotebookNode) -> None:
    """Nobody's numbers lie in the repository, and a change of it can be read."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}


def test_it_runs_and_shows_the_results(
    notebook: nbformat.NotebookNode, sample_build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its own folder, as Jupyter runs it."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(sample_build))
    ran = NotebookClient(
        nbformat.from_dict(notebook), timeout=120, resources={"metadata": {"path": FILE.parent}}
    ).execute()
    decisions, scorecard, days, browsers = (
        text_of(cell) for cell in ran.cells if cell.cell_type == "code" and cell.outputs
    )
    assert "No guardrail was watched." in decisions
    for shown in ("+35.8%", "+9.1%", "+62.4%", "0.0053", "59.7770"):
        assert shown in scorecard
    assert re.search(r"green +2020-10-\d\d", days)
    assert re.search(r"All\s+4.93%\s+5.02%\s+6.70%", browsers)


def test_the_lineage_names_what_it_reads(
    notebook: nbformat.NotebookNode, sample_build: Path
) -> None:
    """As dbt's exposure has it."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    read = {table for text in texts for table in re.findall(r"\b(?:from|join) (\w+_\w+)", text)}
    assert consumed(sample_build, "example_notebook") == read
