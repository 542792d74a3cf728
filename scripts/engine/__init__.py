"""Compiles the dbt project and runs its models on given tables, for tests and simulations."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
