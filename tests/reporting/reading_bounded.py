"""Reads the workbooks named on the command line with little memory and time; prints the finding's code of each, and the memory at its peak.

A program of its own, so that a file that breaks the bounds ends this process and not the tests.
"""

import os
import resource
import sys
from pathlib import Path

import django

MEMORY, SECONDS = 1024**3, 120  # of address space; of the processor, for all files


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from reporting.workbook import read  # noqa: PLC0415 (it needs the settings)

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for name in sys.argv[1:]:
        reading = read(Path(name).read_bytes(), "month.xlsx")
        codes = sorted({finding.code for finding in reading.findings if finding.blocks})
        sys.stdout.write(f"{Path(name).stem}: {' '.join(codes[:3]) or 'read'}\n")
    sys.stdout.write(f"peak {_peak()}\n")


def _peak() -> int:
    """The most memory that this program had, in kilobytes; what `getrusage` gives counts whoever started it, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


if __name__ == "__main__":
    main()
