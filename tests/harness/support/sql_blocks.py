"""The blocks of SQL in a Markdown file, as people copy them and Evidence runs them."""

import re
from pathlib import Path

BLOCK = re.compile(r"^```sql ?(?P<name>\w*)\n(?P<sql>.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def sql_blocks(file: Path) -> dict[str, str]:
    """Give the blocks of a file by their name or, without one, by the heading above."""
    text = file.read_text(encoding="utf-8")
    blocks = {}
    for found in BLOCK.finditer(text):
        headings = HEADING.findall(text[: found.start()])
        name = found["name"] or headings[-1]
        assert name not in blocks, f"{file.name} has two blocks named {name}"
        blocks[name] = found["sql"]
    return blocks
