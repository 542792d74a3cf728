"""The special functions of macros/statistics, rendered once by dbt and evaluated by DuckDB.

A project of nothing but those macros is quick to compile. Every function becomes a query that gives
`value` for each row of a table `grid`, and a test puts its arguments there.
"""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from conftest import PROJECT_ROOT
from engine.compile import compiled_texts, run_dbt
from engine.warehouse import Warehouse

# The functions, with the names of their arguments.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "mills": ("x",),
    "gamma_ratio": ("a",),
    "normal_sf": ("z",),
    "normal_cdf": ("z",),
    "normal_two_sided_p": ("z",),
    "normal_pdf": ("z",),
    "normal_isf": ("p",),
    "chi_square_sf": ("x", "df"),
}
QUERIES: dict[str, tuple[str, ...]] = {
    "student_t_two_sided_p": ("t", "df"),
    "student_t_two_sided_quantile": ("alpha", "df"),
}
# Made with mpmath 1.4.1 from series in 40 to 350 digits, so independently of scipy.
KNOWN_VALUES: dict[str, list[tuple[float, ...]]] = {
    "mills": [
        (0.0, 0.5),
        (1e-8, 0.49999999601057722),
        (0.5, 0.34961883472039807),
        (3.0, 0.12151394835556217),
        (10.0, 0.039506694101386003),
        (37.0, 0.010774365005957683),
    ],
    "gamma_ratio": [
        (0.5, 1.1283791670955126),
        (1.1, 0.85382459015016557),
        (7.25, 0.3650472348264121),
        (33.5, 0.17213023228944814),
        (1000.25, 0.031614873377445243),
        (1e6, 9.9999987500000781e-4),
        (1e12, 9.99999999999875e-7),
    ],
    "normal_sf": [
        (-30.0, 1.0),
        (-1.0, 0.84134474606854295),
        (0.3, 0.38208857781104737),
        (1.96, 0.024997895148220436),
        (5.5, 1.8989562465887719e-8),
        (12.25, 8.3997960636334177e-35),
        (30.0, 4.9067139271481871e-198),
    ],
    "normal_isf": [
        (1e-300, 37.047096299361199),
        (1e-100, 21.273453560965324),
        (1e-10, 6.3613409024040562),
        (0.001, 3.0902323061678135),
        (0.025, 1.9599639845400542),
        (0.0750001, 1.4395307645017297),
        (0.3, 0.52440051270804082),
        (0.9, -1.2815515655446006),
        (0.9999999999999991, -7.956038125481531),
    ],
    "student_t_two_sided_p": [
        (1e-6, 1.0, 0.99999936338022763),
        (0.5, 1.5, 0.68056711066994001),
        (2.5, 10.0, 0.031446844236608804),
        (5.0, 3.0, 0.015392438073302301),
        (12.0, 40.5, 6.4722658456728867e-15),
        (36.0, 1e6, 1.2733991120399027e-283),
        (1000.0, 1.3, 8.7315190821666869e-5),
        (6e7, 1.0, 1.0610329539459688e-8),
        (6e7, 30.0, 9.3765331212777848e-213),
        (1.96, 2e12, 0.049995790296579517),
        (36.2, 2e12, 6.0879400951809783e-287),
        (33.8, 15950.75, 6.1851257257129399e-242),
    ],
    "student_t_two_sided_quantile": [
        (1e-100, 1.0, 6.3661977236758133e99),
        (0.05, 1.0, 12.706204736174704),
        (0.05, 2.2, 3.9487207497127247),
        (0.05, 12.25, 2.1738913883920635),
        (1e-50, 7.5, 1.0736448067339497e7),
        (0.5, 3.0, 0.76489232840434528),
        (0.01, 1e6, 2.5758342201053341),
        (1e-100, 2e12, 21.305940070563151),
    ],
    "chi_square_sf": [
        (0.001, 1.0, 0.97477287936996039),
        (3.84, 1.0, 0.050043521248705103),
        (0.25, 2.0, 0.8824969025845954),
        (7.5, 3.0, 0.057558451972636407),
        (30.0, 8.0, 2.1137850346676162e-4),
        (500.0, 25.0, 7.7060260133344657e-90),
        (49.0, 50.0, 0.51349508364129068),
        (1370.0, 50.0, 6.1321571108641222e-254),
    ],
}
COMPOUND = "_of_compounds"
COEFFICIENTS = "coefficients_of_"
OWN_COLUMNS = "student_t_own_columns"
EXPANSION = ("sinh_expansion", "sinh_expansion_integral", "sinh_expansion_tails")

PROJECT = """\
name: experiment_metrics
profile: experiment_metrics
macro-paths: ["macros"]
analysis-paths: ["analyses"]
flags: {send_anonymous_usage_stats: false, validate_macro_args: true}
"""
Column = Sequence[float | None] | np.ndarray


def argument_names(function: str) -> tuple[str, ...]:
    """Give the names of a function's arguments."""
    return {**EXPRESSIONS, **QUERIES}[function]


def _calls() -> dict[str, str]:
    """Write a query per function, of columns and again of expressions that need parentheses."""
    calls = {
        COEFFICIENTS + name: f"{{{{ tojson(special_function_coefficients('{name}')) }}}}"
        for name in EXPANSION
    }
    calls[OWN_COLUMNS] = "{{ tojson(student_t_own_columns()) }}"
    for suffix, form in (("", "{}"), (COMPOUND, "0e0 + {}")):
        for name, columns in EXPRESSIONS.items():
            arguments = ", ".join(f"'{form.format(column)}'" for column in columns)
            value = f"{{{{ {name}({arguments}) }}}} as value"
            calls[name + suffix] = f"select grid_row, {value} from grid"
        for name, columns in QUERIES.items():
            arguments = ", ".join(f"{column}='{form.format(column)}'" for column in columns)
            arguments = f"'grid', {['grid_row', *columns]}, {arguments}, result='value'"
            calls[name + suffix] = f"{{{{ {name}({arguments}) }}}}"
    return calls


class SpecialFunctions:
    """The functions, to be called with columns of numbers."""

    def __init__(self, directory: Path) -> None:
        """Render the macros in a folder."""
        for folder in ("macros/statistics", "macros/warehouse", "profiles"):
            shutil.copytree(PROJECT_ROOT / folder, directory / folder)
        (directory / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        (directory / "analyses").mkdir()
        for name, call in _calls().items():
            (directory / "analyses" / f"{name}.sql").write_text(call, encoding="utf-8")
        environment = Warehouse.environment(directory)
        results = run_dbt(directory, directory, environment, "compile", "--warn-error")
        self._queries = compiled_texts(results)
        self._connection = duckdb.connect(config={"threads": 1})

    def __call__(
        self, function: str, *arguments: Column, compound: bool = False
    ) -> np.ma.MaskedArray:
        """Evaluate a function row by row; a null is masked."""
        names = argument_names(function)
        columns = [pa.array(column, pa.float64()) for column in arguments]
        row_numbers = pa.array(range(len(columns[0])))
        grid = pa.table([row_numbers, *columns], names=["grid_row", *names])
        self._connection.register("grid", grid)
        query = self._queries[function + COMPOUND if compound else function]
        result = self._connection.execute(f"select value from ({query}) order by grid_row")
        return np.ma.masked_array(result.fetchnumpy()["value"])

    def coefficients(self, name: str) -> list:
        """Give the coefficients that the macros have under a name."""
        return json.loads(self._queries[COEFFICIENTS + name])

    def own_columns(self, function: str) -> tuple[set[str], set[str]]:
        """Give the columns that a query makes, and those that it is said to make."""
        made = set(re.findall(r"as (t_\w+),?$", self._queries[function], re.MULTILINE))
        return made, set(json.loads(self._queries[OWN_COLUMNS]))

    def rows(self, function: str, *arguments: Column) -> list[tuple[float | None, ...]]:
        """Evaluate a query, and give all that it gives."""
        self(function, *arguments)
        query = f"select * from ({self._queries[function]}) order by grid_row"
        return self._connection.execute(query).fetchall()
