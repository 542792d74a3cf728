"""Fixtures of the tests of pages: the sample's, written once per process."""

from pathlib import Path

import pytest
from report_page import Element, read_page, write_pages


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give the folder of the sample's report."""
    folder = tmp_path_factory.mktemp("report") / "sample"
    write_pages(sample_build, folder)
    return folder


@pytest.fixture(scope="session")
def sample_pages(sample_folder: Path) -> dict[str, Element]:
    """Give the pages of the sample."""
    return {path.name: read_page(path) for path in sample_folder.glob("*.html")}
