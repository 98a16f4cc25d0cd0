"""Another minor version of Python gives the same bytes, where one is at hand: QUOTA_OTHER_PYTHON, on the PATH, or kept by pyenv.

The single-file checker asks nothing of it; computing the whole result again asks for the project's requirements (in a virtual
environment of that Python, named by QUOTA_OTHER_PYTHON).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allocation.runs.proof import bundle
from tests.allocation.runs.test_bundle import SINGLE, files_of, one_more
from tests.allocation.runs.test_bundle import run as run  # a fixture
from tests.allocation.runs.test_rerun import GOLDEN
from tests.conftest import leave_out

ROOT, RECOMPUTE = Path(__file__).resolve().parents[3], Path(__file__).with_name("other_python.py")
MINORS = range(11, 16)


def _answers(program: str, code: str) -> str:
    """What the interpreter prints; "" where it doesn't work."""
    try:
        done = subprocess.run([program, "-I", "-c", code], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@pytest.fixture(scope="module")
def other_python() -> str:
    """An interpreter of another minor version."""
    named = os.environ.get("QUOTA_OTHER_PYTHON")
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        *filter(None, [named]),
        *filter(None, (shutil.which(f"python3.{minor}") for minor in MINORS)),
        *(str(path) for path in sorted(kept.glob("3.*/bin/python3"))),
    ]
    found = next(filter(_is_other, candidates), "")
    if not found:
        leave_out("python", "no other minor version of Python (3.11 or later) is at hand")
    return found


def _is_other(program: str) -> bool:
    minor = _answers(program, "import sys; print(sys.version_info[1])")
    return bool(minor) and int(minor) in MINORS and int(minor) != sys.version_info[1]


def _checked(program: str, path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [program, "-I", str(SINGLE), str(path), "--without-signature"], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_checker_computes_the_same_tonnes_on_another_python(run, other_python, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle.bundle(run))
    code, said = _checked(other_python, path)
    assert (code, said.count("\nok")) == (0, 6), said  # signature and key are not checked
    assert said.endswith("All but the signature is valid.\n")
    assert _checked(sys.executable, path) == (code, said)


def test_a_tonne_more_is_seen_without_the_signature(run, tmp_path):
    path = tmp_path / "bundle.zip"
    files = files_of(bundle.bundle(run))
    path.write_bytes(bundle._zipped({**files, "results.json": one_more(files["results.json"])}))
    code, said = _checked(sys.executable, path)
    assert code == 1
    assert "FAILED   tonnes" in said


def test_the_recorded_manifest_gives_the_recorded_bytes_on_another_python(other_python):
    if not _answers(other_python, "import django, numpy, environ; print(1)"):
        leave_out("python", f"{other_python} lacks the project's requirements")
    done = subprocess.run(
        [other_python, str(RECOMPUTE), str(GOLDEN)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == json.loads(GOLDEN.read_text(encoding="utf-8"))["result_sha256"], done.stderr
