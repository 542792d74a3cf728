"""Finds which experiments and variations an export has."""

import re
from pathlib import Path

import duckdb
from pipeline.errors import PipelineError, one_line

Exported = dict[str, set[str]]
"""The ids of variations by that of their experiment."""

# Numbers that are no whole ones are written as the macro to_id does, which staging reads ids by.
ID = """
    case
        when typeof({0}) in ('FLOAT', 'DOUBLE') or typeof({0}) like 'DECIMAL%' then
            case
                when regexp_full_match(cast({0} as varchar), '-?[0-9]+([.]0*)?')
                    then regexp_extract(cast({0} as varchar), '-?[0-9]+')
            end
        else cast({0} as varchar)
    end
"""
QUERY = f"""
    select distinct {ID.format("experiment_id")}, {ID.format("variation_id")}
    from read_parquet(?, hive_partitioning = false, union_by_name = true)
"""  # noqa: S608 - nothing of it comes from outside
NO_EXTENSIONS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def exported_experiments(folder: Path) -> Exported:
    """Read the ids from the decisions of an export, by the pattern that staging reads them by.

    Names that begin with a dot or an underscore are of files that are still written, and those of
    folders are no data.
    """
    pattern = f"{_literal(folder)}/type=decisions/**/[!._]*.parquet"
    try:
        with duckdb.connect(config=NO_EXTENSIONS) as connection:
            rows = connection.execute(QUERY, [pattern]).fetchall()
    except duckdb.IOException as error:
        if "No files found" in str(error):
            message = (
                f"No Parquet file matches {pattern}. Set OPTIMIZELY_DATA_DIR, or --data-dir, to the"
                " folder that holds type=decisions."
            )
        else:
            message = _unreadable(folder, error)
        raise PipelineError(message) from error
    except duckdb.Error as error:
        raise PipelineError(_unreadable(folder, error)) from error
    found: Exported = {}
    for experiment_id, variation_id in rows:
        if experiment_id and experiment_id.strip():
            variations = found.setdefault(experiment_id, set())
            if variation_id and variation_id.strip():
                variations.add(variation_id)
    if not found:
        message = f"No decision in {folder} names an experiment. Check what writes the export."
        raise PipelineError(message)
    return dict(sorted(found.items(), key=lambda item: (len(item[0]), item[0])))


def _literal(folder: Path) -> str:
    """Write a folder's path as a pattern that matches it alone."""
    return re.sub(r"[\[*?]", r"[\g<0>]", str(folder))


def _unreadable(folder: Path, error: duckdb.Error) -> str:
    return (
        f"The decisions in {folder} can't be read: {one_line(str(error))}. Fetch that file again;"
        " ./scripts/build says more of it."
    )
