"""What is written is brought to the disk, so that a power cut can't leave half of it."""

import os
from pathlib import Path


def sync(*paths: Path) -> None:
    """Have the disk hold files as they were written, and folders with the names in them."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
