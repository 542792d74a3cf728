"""Keeps secrets out of --vars: dbt writes them into its log and artifacts, SQL into tables.

They can't be masked wholly, since a model may put a var anywhere, and the system lists the
arguments of a process to everybody. So they are refused before dbt sees them.
"""

import re
from collections.abc import Iterator

from pipeline.errors import UsageError, one_line

WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
SECRET_WORDS = {
    *("password", "passwords", "passwd", "pwd", "passphrase", "passcode", "secret", "secrets"),
    *("token", "tokens", "credential", "credentials", "creds", "bearer", "authorization"),
    *("apikey", "jwt"),
}
# A key by itself, or one that opens something; primary_key and experiment_key do not.
KEYS = {"key", "keys"}
SECRET_KINDS_OF_KEY = {
    *("api", "access", "private", "account", "service", "signing", "encryption", "master"),
    *("shared", "client", "ssh", "aws", "license", "optimizely"),
}
SECRET_VALUES = re.compile(
    r"""
    \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                           # an access key of AWS
    | \b(?:bearer|basic)\s+[\w.~+/=-]{8,}                   # a header of HTTP
    | ://[^/\s@]*:[^/\s@]+@                                 # user:password in an address
    | [?&](?:\w+[_-])?(?:token|secret|signature|sig|password|key)=[^&\s]  # a parameter of one
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.                           # a JSON web token
    | \b(?:gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|sk[_-])[\w-]{16,}
    | \b2:[\w-]{20,}                                        # a personal token of Optimizely
    """,
    re.VERBOSE | re.IGNORECASE,
)
ADVICE = (
    "dbt writes vars into its log and its artifacts, and the machine shows arguments to all its"
    " users: leave it out. A build needs no secret but AWS's own, which it finds where they are"
    " kept (docs/own_data.md)."
)


def refuse_secrets(given: object) -> None:
    """Refuse vars of which one looks like a secret, without its value."""
    for name, value in _texts(given):
        if SECRET_VALUES.search(name):
            # Not even the name can be shown.
            message = f"--vars: the name of a var looks like a secret. {ADVICE}"
            raise UsageError(message)
        if value and (is_secret_name(name) or SECRET_VALUES.search(value)):
            message = f"--vars: '{one_line(name)}' looks like a secret. {ADVICE}"
            raise UsageError(message)


def looks_secret(text: str) -> bool:
    """Tell whether a text names a secret, or has one in it."""
    return is_secret_name(text) or SECRET_VALUES.search(text) is not None


def is_secret_name(name: str) -> bool:
    """Tell whether what is called so should be known to few."""
    words = [word.lower() for word in WORDS.findall(name)]
    if SECRET_WORDS.intersection(words):
        return True
    return any(
        word in KEYS and (number == 0 or words[number - 1] in SECRET_KINDS_OF_KEY)
        for number, word in enumerate(words)
    )


def _texts(given: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Give the names of vars with their texts; numbers are none, and a list has its own name."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _texts(value, str(key))
    elif isinstance(given, list):
        for value in given:
            yield from _texts(value, name)
    else:
        yield name, "" if given is None or isinstance(given, bool | int | float) else str(given)
