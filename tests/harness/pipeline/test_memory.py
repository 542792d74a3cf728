"""DuckDB's memory has a limit; what is beyond it goes to the disk, beside the database."""

from pathlib import Path

import duckdb
import pytest
from duckdb_access import limit_memory
from pipeline.dbt_run import NO_DISK, NO_MEMORY, said_once

LIMIT = "select current_setting('memory_limit')"
UNITS = {"KiB": 1, "MiB": 2, "GiB": 3, "TiB": 4}


def limit_of(connection: duckdb.DuckDBPyConnection) -> float:
    """Give the limit, in bytes."""
    size, unit = connection.execute(LIMIT).fetchall()[0][0].split()
    return float(size) * 1024 ** UNITS[unit]


def test_without_a_limit_a_share_of_the_memory_is_used() -> None:
    """Three quarters of DuckDB's own, which knows the memory of a container."""
    with duckdb.connect() as connection:
        default = limit_of(connection)
        limit_memory(connection, "")
        assert limit_of(connection) == pytest.approx(0.75 * default, rel=0.01)


@pytest.mark.parametrize("given", ["1GB", "1 gib", "1.5GB"])
def test_a_limit_is_that_of_the_database(given: str) -> None:
    """As DuckDB writes sizes."""
    with duckdb.connect() as connection:
        limit_memory(connection, given)
        assert 0.9e9 < limit_of(connection) < 1.6e9


@pytest.mark.parametrize("given", ["much", "4", "-1", "60%", "0.1KB"])
def test_what_is_no_limit_is_refused(given: str) -> None:
    """In one line that says what to set."""
    with duckdb.connect() as connection:
        connection.execute("create table kept as select range as id from range(100000)")
        with pytest.raises(RuntimeError) as refused:
            limit_memory(connection, given)
    assert "\n" not in str(refused.value)
    assert f"DUCKDB_MEMORY_LIMIT={given}. Set it to a size such as 4GB" in str(refused.value)


def test_what_is_beyond_it_is_beside_the_database_until_it_is_closed(tmp_path: Path) -> None:
    """A build's folder is its own, and goes with what is left in it."""
    path = tmp_path / "experiment_metrics.duckdb"
    with duckdb.connect(str(path)) as connection:
        limit_memory(connection, "30MB")
        cursor = connection.execute(
            "select count(*) from (select range::varchar || 'and more' as id, count(*)"
            " from range(1000000) group by 1)"
        )
        assert cursor.fetchall() == [(1000000,)]
        connection.execute("create temp table kept as select range::varchar from range(3000000)")
        assert [file.parent.name for file in tmp_path.rglob("*.tmp/*")] != []
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("short", [NO_MEMORY, NO_DISK])
def test_models_that_lack_memory_are_one_problem(short: str) -> None:
    """Whatever else went wrong is told beside it."""
    failures = [f"models/a.sql: {short}", "models/b.sql: no such table", f"models/c.sql: {short}"]
    assert said_once(failures) == failures[:2]
