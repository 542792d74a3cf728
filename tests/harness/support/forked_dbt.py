"""dbt, scripts/build and scripts/plan, in processes forked from ones that have loaded dbt.

A process that starts anew takes seconds to load dbt, and many more to parse the project. Forked, it
has both, and is else as apart from others: its own environment, folder, output and exit code.
"""

import atexit
import contextlib
import functools
import gc
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SUPPORT = Path(__file__).resolve().parent
ROOT = SUPPORT.parents[2]
# What changes models and how strict a test is, so that the project is parsed for each on its own.
DOORS = ("EXPOSURES", "EVENTS", "CALL_DATA_PATH")


def run(
    command: str,
    arguments: Sequence[str],
    *,
    project: Path,
    environment: Mapping[str, str],
    is_parsed: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run `dbt`, `build` or `plan` with these arguments, and give what it printed.

    is_parsed: take the project as it was parsed when it was first run so: for input in another
    place, and for vars that are checked before the first model or change none.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = [Path(folder, name) for name in ("stdout", "stderr")]
        request = {
            "command": command,
            "arguments": [str(argument) for argument in arguments],
            "project": str(project),
            "environment": dict(environment),
            "is_parsed": is_parsed,
            "output": [str(file) for file in output],
        }
        server = _server(_key(project, environment) if is_parsed else ())
        server.stdin.write(f"{json.dumps(request)}\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, "the process from which dbt is forked has ended"
        texts = [file.read_text(encoding="utf-8") for file in output]
    return subprocess.CompletedProcess([command, *arguments], json.loads(answer), *texts)


def _key(project: Path, environment: Mapping[str, str]) -> tuple[object, ...]:
    """Tell apart what is parsed on its own: dbt takes the name of the database from the file's."""
    return project, _database(environment), *(bool(environment.get(name)) for name in DOORS)


def _database(environment: Mapping[str, str]) -> str:
    # scripts/build chooses the file by itself.
    return Path(environment.get("DBT_DUCKDB_PATH", "experiment_metrics.duckdb")).name


@functools.cache
def _server(parsed: tuple[object, ...]) -> subprocess.Popen[str]:  # noqa: ARG001 - one for each
    # One that has parsed takes locks along that are never opened, where dbt parses again.
    server = subprocess.Popen(
        [sys.executable, __file__],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT / 'profiles'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    server.stdin.close()
    server.wait()


def _point(manifest: Any, export: str) -> None:  # noqa: ANN401 - dbt's
    """Have the sources of a parsed project read another export, as their YAML does."""
    pattern = "".join(
        {"'": "''"}.get(each, f"[{each}]" if each in "[*?" else each) for each in export
    )
    for key, source in manifest.sources.items():
        shown = manifest.flat_graph["sources"][key]
        for meta in (source.meta, source.config.meta, shown["meta"], shown["config"]["meta"]):
            if "folder_pattern" in meta:
                meta.update(folder=export, folder_pattern=pattern)


class _Server:
    """Forks a process for each request, and answers with its exit code."""

    def __init__(self) -> None:
        # Loaded here, once.
        import dbt.cli.main  # noqa: PLC0415
        import pipeline.build  # noqa: F401, PLC0415

        self._main = dbt.cli.main
        self._parsed = None

    def serve(self) -> None:
        """Serve until there is nobody to ask."""
        for line in sys.stdin:
            request = json.loads(line)
            manifest = self._manifest(request) if request["is_parsed"] else None
            # What is there already is nothing to look through in each process.
            gc.freeze()
            child = os.fork()
            if not child:
                self._run(request, manifest)
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)

    def _manifest(self, request: dict[str, Any]) -> Any:  # noqa: ANN401 - dbt's
        if self._parsed is None:
            project, environment = Path(request["project"]), request["environment"]
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(project):
                written = {"DBT_TARGET_PATH": folder, "DBT_LOG_PATH": folder}
                database = _database(environment)
                os.environ.update({**environment, **written, "DBT_DUCKDB_PATH": database})
                options = ["--profiles-dir", str(project / "profiles"), "--quiet"]
                parsed = self._main.dbtRunner().invoke(
                    ["parse", "--no-partial-parse", "--log-level", "none", *options]
                )
            assert parsed.success, parsed.exception
            self._parsed = parsed.result
        return self._parsed

    def _run(self, request: dict[str, Any], manifest: Any) -> None:  # noqa: ANN401 - dbt's
        try:
            for number, path in enumerate(request["output"], start=1):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.environ.clear()
            os.environ.update(request["environment"])
            os.chdir(request["project"])
            if manifest is not None:
                export = request["environment"].get("OPTIMIZELY_DATA_DIR", "")
                _point(manifest, export or str(ROOT / "data" / "sample"))
                runner = functools.partial(self._main.dbtRunner, manifest=manifest)
                self._main.dbtRunner = runner
            code = getattr(self, f"_{request['command']}")(request["arguments"])
        except SystemExit as ended:
            code = ended.code
        except BaseException:  # noqa: BLE001 - as Python does at the end of a process
            traceback.print_exc()
            code = 1
        finally:
            # What Python does at its end: a lock that is not released is warned of, late. The rest
            # of its end is not for a fork, which lacks the threads of the process it comes from.
            atexit._run_exitfuncs()  # noqa: SLF001
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code or 0)

    def _build(self, arguments: list[str]) -> int:
        import pipeline.build  # noqa: PLC0415

        return pipeline.build.main(arguments)

    def _plan(self, arguments: list[str]) -> int:
        import planning.plan  # noqa: PLC0415

        return planning.plan.main(arguments)

    def _dbt(self, arguments: list[str]) -> int:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

        outcome = self._main.dbtRunner().invoke(arguments)
        # As at the end of a process, which leaves no log beside the file.
        DuckDBConnectionManager.close_all_connections()
        if outcome.success:
            return 0
        return 2 if outcome.exception else 1


if __name__ == "__main__":
    _Server().serve()
