"""How a build's progress is counted and told."""

from types import SimpleNamespace

import pytest
from pipeline.progress import SECONDS_BETWEEN_LINES, Counts, Lines, listener


def event(name: str, node: str = "", kind: str = "model", total: int = 3) -> SimpleNamespace:
    """Give an event as dbt tells it."""
    info = SimpleNamespace(unique_id=f"{kind}.{node}", node_name=node, resource_type=kind)
    data = SimpleNamespace(node_info=info, total=total)
    return SimpleNamespace(info=SimpleNamespace(name=name), data=data)


def after(*events: SimpleNamespace) -> str:
    """Say what is shown after these events."""
    counts = Counts()
    for each in events:
        counts.take(each)
    return counts.text()


def test_models_and_tests_are_counted() -> None:
    """What runs is named; what is done or skipped counts; hooks and other events do not."""
    started = [event("LogStartLine", "a"), event("LogStartLine", "b", "unit_test")]
    assert after() == "reading the project"
    assert after(event("LogStartLine", "hook", "operation")) == "reading the project"
    assert after(*started) == "0 of 3 models and tests done; running a, b"
    done = [*started, event("NodeFinished", "a"), event("NodeCompiling", "b", "unit_test")]
    assert after(*done) == "1 of 3 models and tests done; running b"
    rest = [event("NodeFinished", "b", "unit_test"), event("SkippingDetails", "c")]
    assert after(*done, *rest) == "3 of 3 models and tests done"


@pytest.mark.parametrize("kind", ["exposure", "saved_query"])
def test_what_needs_nothing_done_is_done(kind: str) -> None:
    """It is in dbt's total, and so the end is the whole."""
    counted = [event("LogStartLine", "a", total=2), event("NodeFinished", "a")]
    assert after(*counted) == "1 of 2 models and tests done"
    assert after(*counted, event("NodeFinished", "b", kind)) == "2 of 2 models and tests done"


def test_a_long_name_is_shortened() -> None:
    """The line stays one, whatever a node is called."""
    shown = after(event("LogStartLine", "x\x1b" * 50))
    assert shown.endswith("...")
    assert shown.isprintable()
    assert len(shown) < 110


def test_a_plain_line_comes_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Not with every event, and on stderr."""
    now = 0.0
    take = listener(Lines(lambda: now))
    for number in range(50):
        now = number * SECONDS_BETWEEN_LINES / 20
        take(event("LogStartLine", f"n{number}", total=50))
        take(event("NodeFinished", f"n{number}", total=50))
    said = capsys.readouterr()
    assert said.out == ""
    first, second = said.err.splitlines()
    assert first == "build: 20 of 50 models and tests done; running n20"
    assert second == "build: 40 of 50 models and tests done; running n40"
