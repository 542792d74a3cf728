"""Makes the sample data where it is missing, or where the generator has changed since."""

import hashlib
import subprocess
import sys

from pipeline.errors import PipelineError, one_line
from pipeline.settings import PROJECT_ROOT, SAMPLE_DIR

GENERATOR = PROJECT_ROOT / "scripts" / "generate_sample_data.py"
STAMP = SAMPLE_DIR.with_name("sample.stamp")


def make_sample() -> bool:
    """Bring the sample up to date; tell whether it had to be made."""
    stamp = _generator_hash()
    if SAMPLE_DIR.is_dir() and STAMP.is_file() and STAMP.read_text() == stamp:
        return False
    SAMPLE_DIR.parent.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    made = subprocess.run(  # noqa: S603 - our own script, no shell
        [sys.executable, str(GENERATOR), "--output", str(SAMPLE_DIR)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        message = f"The sample data could not be made: {one_line(made.stderr)}"
        raise PipelineError(message)
    STAMP.write_text(stamp)
    return True


def _generator_hash() -> str:
    files = [GENERATOR, *sorted((GENERATOR.parent / "sample_data").glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
