"""Every command helps when asked, and does nothing else."""

import re
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
COMMANDS = (
    *("aa_check", "build", "calibrate", "check_launch", "document_report"),
    *("export_datasets", "load_experiment_names", "load_export"),
    *("plan", "report", "results", "test"),
)


def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person does; help takes no time."""
    return subprocess.run(
        [SCRIPTS / command, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_no_command_is_left_out() -> None:
    """A new one gets its line above."""
    commands = {path.name for path in SCRIPTS.iterdir() if path.is_file() and not path.suffix}
    assert commands == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_all_that_is_done(command: str, option: str) -> None:
    """It says how the command is called and what its options are."""
    done = run(command, option)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(rf"usage: .*{command}", done.stdout, re.IGNORECASE)
    assert "--help" in done.stdout


def test_what_pytest_does_not_know_is_told_before_the_build() -> None:
    """Nobody should wait for a minute to hear of a typo."""
    done = run("test", "--quik")
    assert (done.returncode, done.stdout) == (2, "")
    assert "unrecognized arguments: --quik" in done.stderr


def test_the_quick_tests_are_there() -> None:
    """A renamed file is renamed in their list, too."""
    listed = re.findall(r"^    (tests/\S+\.py)$", (SCRIPTS / "test").read_text(), re.MULTILINE)
    assert len(listed) >= 3
    for path in listed:
        assert (SCRIPTS.parent / path).is_file(), path
