"""Problems that are told to a person in one line."""

MESSAGE_LIMIT = 500


class PipelineError(Exception):
    """A problem with the input, the settings or the build, worded for the person who runs it."""


class UsageError(PipelineError):
    """Arguments that are wrong, or name nothing that there is."""


class UnreadableResultsError(PipelineError):
    """No published results, or none that can be read."""


def one_line(text: str) -> str:
    """Fold a message into one line of bearable length, with control characters made visible.

    Ids and names come from the data, so they must not be able to move a terminal's cursor.
    """
    folded = " ".join(text.split())
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in folded)
    return shown if len(shown) <= MESSAGE_LIMIT else shown[: MESSAGE_LIMIT - 4] + " ..."
