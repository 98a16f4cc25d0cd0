"""Tables for `manage.py determine`, and running it, as the tests of the command need them."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

HEADER = "line,emissions,main_emissions,output,kind,carbide_slag_rate,commissioned,closed"
RESULT = ["intensity", "deviation", "coefficient", "quota", "due", "case", "article"]
BP = ("--balance-value", "0.85")


def writer(folder: Path):
    """`write("A,1,1,1,,,,", …)` writes a table and returns its path; bytes are written as they are."""

    def write(*rows, header=HEADER):
        path = folder / "table.csv"
        content = rows[0] if rows and isinstance(rows[0], bytes) else "\n".join([header, *rows, ""]).encode()
        path.write_bytes(content)
        return path

    return write


def run(path, *options, sector="cement", year=2025, language="en"):
    """What the command writes to stdout and stderr, by default with messages as they stand in the code."""
    out, err = io.StringIO(), io.StringIO()
    arguments = [str(path), "--sector", sector, "--year", str(year), *options]
    with translation.override(language):
        call_command("determine", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def rows(path, *options, **scope):
    """The rows that it writes."""
    return list(csv.DictReader(io.StringIO(run(path, *options, **scope)[0])))


def refused(path, *options, **scope):
    """The message of a refusal, which must come with exit code 2."""
    with pytest.raises(CommandError) as caught:
        run(path, *options, **scope)
    assert caught.value.returncode == 2
    return str(caught.value)
