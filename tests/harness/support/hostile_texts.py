"""Hundreds of different texts that nobody expects: code, marks, invisible and endless ones."""

import random
import unicodedata

SEED = 20200914
DRAWN = 420
LONGEST = 100_000
CODE = (
    *("'; drop table experiment_units; --", "x') or 1=1 --", '"; select 1; --', "/* x", "*/", "--"),
    *("{{ 1/0 }}", "{% raise %}", "{% raw %}", "{# x", "{{", "}}", "{0}", "{{ env_var('HOME') }}"),
    *("*", "**", "?", "[a]", "[!a]", "{a,b}", "../../etc/passwd", "/", "\\", ".", "..", "~"),
    *("${jndi:ldap://x}", "$HOME", "$(id)", "`id`", "%s", "%n", "%00", "%2e%2e%2f", "a=b", "a/b=c"),
    *("=cmd()", "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "#REF!", "<script>alert(1)</script>"),
    *("&lt;b&gt;", "<!--", "]]>", "</style>", "javascript:x", "[bold]", "[/]", ":smile:", "\\x1b"),
    *("--json", "--help", "-x", "NULL", "null", "None", "nan", "inf", "true", "(not set)", "(all)"),
    *("__HIVE_DEFAULT_PARTITION__", "0", "00", "0.0", "1e0", "1", "01", "9" * 40, "1,5", "a;b|c"),
)
MARKS = (
    *(
        "'",
        '"',
        "''",
        "`",
        "\u00b4",
        "\u2019",
        "{",
        "}",
        "{{",
        "%}",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "&",
    ),
    *(";", "--", "/*", "\\", "\\'", "\\n", "$", "%", "_", "#", "=", "@", "|", "^", "~", ",", ":"),
)
CONTROLS = tuple(chr(code) for code in (*range(1, 32), *range(127, 160)))
# Lines, directions, joiners, tags: what shows nothing and changes what is shown.
UNSEEN = (
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b"),
    *("\u202c", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\u061c"),
    *("\ufeff", "\u00ad", "\u180e", "\ufff9", "\U000e0041", "\ufe0f", "\u034f", "\u0301", "\u3164"),
    *("\u00a0", "\u3000", "\ue000", "\uffff", "\U0010ffff"),
)
LETTERS = (
    *("a", "Z", "7", " ", "é", "ß", "İ", "\u0131", "\ufb01", "界", "א", "ش", "क्ष", "🎉"),
    *("👩\u200d👧", "\U0001d4b3", "\ufdfd"),
)
SEQUENCES = ("\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\r\n", "\x1b[1A", "\x08\x08", "\x0c", "\x0e")
# Each is another text, and another id, though they look or are read alike.
ALIKE = (
    *(
        "user",
        "User",
        "USER",
        "user ",
        " user",
        "user\u00a0",
        "us\u200ber",
        "us\u00ader",
        "u\u0455er",
    ),
    *("\uff55ser", "user\u0301", "usér", "use\u0301r", "user\t", "user\n", "user\r\n", "user\r"),
    *(
        "12",
        "\uff11\uff12",
        "12.0",
        "012",
        "+12",
        "12 ",
        "1\u200b2",
        "\u0661\u0662",
        "1_2",
        "0x0c",
        "1 2",
    ),
    *("a\x1fb", "a\x1f", "\x1fb", "a", "b", "a\x1eb", "\x1e", "a * b", "a*b", "A*B", "undefined "),
)
NUL = ("nul\x00byte", "nul", "nul\x00")
"""DuckDB holds them as any other character."""
# They differ in the last character, far behind where anybody looks.
ENDLESS = ("x" * 300, "界" * 300, *("long " * 2000 + end for end in "ab"), "'{" * (LONGEST // 2))


def hostile_texts() -> list[str]:
    """Make them, the same ones in each run; none is blank, and none says that it is missing."""
    rng = random.Random(SEED)  # noqa: S311 - no secret
    pieces = (CODE, MARKS, CONTROLS, UNSEEN, LETTERS, SEQUENCES)
    fixed = [*CODE, *(f"a{mark}b" for mark in MARKS + CONTROLS + UNSEEN), *ALIKE, *NUL, *ENDLESS]
    drawn = [
        "".join(rng.choice(rng.choice(pieces)) for _ in range(rng.randint(2, 9)))
        for _ in range(DRAWN)
    ]
    texts = dict.fromkeys(fixed + drawn)
    return [text for text in texts if text.strip() and text != "undefined"]


def is_quiet(text: str) -> bool:
    """Tell whether a text is in lines, and holds nothing else that a terminal would obey."""
    commands = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return all(c == "\n" or unicodedata.category(c) not in commands for c in text)
