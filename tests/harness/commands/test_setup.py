"""scripts/setup.sh makes the environment, by uv or by pip, or says in a line why it can't."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parents[3]
UNREACHABLE = "http://127.0.0.1:9/simple"
COMMAND = '#!/usr/bin/env bash\n. "$(dirname "$0")/setup.sh"\necho ready\n'
STUB_OF_UV = """#!/usr/bin/env bash
echo "$*" >>"$UV_CALLS"
[ -z "${UV_SAYS:-}" ] || { echo "$UV_SAYS" >&2; exit 2; }
[ "$1" != venv ] || mkdir -p "${@: -1}"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project with one command and one package to install."""
    root = tmp_path / "project"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "scripts" / "setup.sh", root / "scripts")
    command = root / "scripts" / "command"
    command.write_text(COMMAND)
    command.chmod(0o755)
    (root / "requirements.lock").write_text(f"rich==15.0.0 --hash=sha256:{'0' * 64}\n")
    return root


def run(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command where nothing is on the PATH but a shell, Python and what is given."""
    bin_folder = project.parent / "bin"
    bin_folder.mkdir(exist_ok=True)
    python = bin_folder / "python3"
    if not python.exists():
        python.symlink_to(sys.executable)
    return subprocess.run(
        [project / "scripts" / "command"],
        env={
            **os.environ,
            "PATH": f"{bin_folder}:/usr/bin:/bin",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": "",
            "PIP_INDEX_URL": UNREACHABLE,
            "UV_DEFAULT_INDEX": UNREACHABLE,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def add_uv(project: Path) -> Path:
    """Put a uv on the PATH that notes what it is asked for; give its notes."""
    uv = project.parent / "bin" / "uv"
    uv.parent.mkdir(exist_ok=True)
    uv.write_text(STUB_OF_UV)
    uv.chmod(0o755)
    return project.parent / "calls"


def assert_network_is_missed(done: subprocess.CompletedProcess[str]) -> None:
    """Check for one line about the network after the one that says what is done."""
    assert (done.returncode, done.stdout) == (2, "")
    _, *said = done.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith("command: the network is missing: ")


def test_without_a_network_pip_does_not_try_for_minutes(project: Path) -> None:
    """An index that can't be reached is told in one line, soon."""
    started_at = time.monotonic()
    assert_network_is_missed(run(project))
    assert time.monotonic() - started_at < 60


def test_uv_is_used_where_it_is(project: Path) -> None:
    """It installs what the lock says, by its hashes; the second run asks for nothing."""
    calls = add_uv(project)
    for _ in range(2):
        done = run(project, UV_CALLS=str(calls))
        assert (done.returncode, done.stdout) == (0, "ready\n")
    made, synced = calls.read_text().splitlines()
    assert made.startswith("venv --python ")
    assert synced.startswith("pip sync ")
    assert "--require-hashes" in synced


def test_without_a_network_uv_is_told_too(project: Path) -> None:
    """As uv words it."""
    calls = add_uv(project)
    said = "error: Failed to fetch: `https://pypi.org/simple/rich/`: error sending request"
    assert_network_is_missed(run(project, UV_CALLS=str(calls), UV_SAYS=said))


def test_another_problem_is_not_the_network(project: Path) -> None:
    """It names the log, which has the words."""
    calls = add_uv(project)
    done = run(project, UV_CALLS=str(calls), UV_SAYS="error: Hash mismatch for `rich==15.0.0`")
    assert done.returncode == 2
    log = project / ".venv.log"
    assert f"requirements.lock can't be installed. See {log}\n" in done.stderr
    assert "Hash mismatch" in log.read_text()
