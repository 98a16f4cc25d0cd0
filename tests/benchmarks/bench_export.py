"""Taking a list of 45,000 rows away beside one of 4,500: time a row; and the memory that it takes.

    .venv/bin/pytest -n 0 -s tests/benchmarks/bench_export.py

A minute and a half. Processor time within one run, and the most memory that Python held at once while the file was written.
"""

import sys
import time
import tracemalloc

import pytest

from registry.web import export
from reporting import queries
from reporting.web.tables.packages import PackageTable
from tests.benchmarks.nation import evidence, people

pytestmark = [pytest.mark.benchmark(group="export"), pytest.mark.django_db]

FEW, MANY = 4_500, 45_000
TRACED = 9_000  # rows, against the few; noting every piece of memory takes several times as long
TIME_A_ROW, MEMORY = 1.25, 1.25  # of the many, times that of the few


def _taken(kind: str, rows: int) -> int:
    """How many rows were written. The answer isn't closed: that would end the request, and with it the connection."""
    found = queries.packages_listed().filter(pk__lte=rows)
    head, cells = export.columns_of(PackageTable(found, drafts=False))
    return export.taken_away("packages", kind, "存证", head, cells, people.NOW).rows


def _seconds_a_row(kind: str, rows: int) -> float:
    start = time.process_time()
    count = _taken(kind, rows)
    seconds = time.process_time() - start
    assert count == rows
    return seconds / rows


def _peak(kind: str, rows: int) -> int:
    tracemalloc.start()
    _taken(kind, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_is_taken_away_row_by_row(kind):
    evidence.packages(people.build())
    _taken(kind, 100)  # what is loaded once
    few, many = (_seconds_a_row(kind, rows) for rows in (FEW, MANY))
    low, high = (_peak(kind, rows) for rows in (FEW, TRACED))
    sys.stdout.write(
        f"{kind}: {few * 1e6:.0f} and {many * 1e6:.0f} µs a row, ratio {many / few:.2f}; "
        f"at most {low / 2**20:.1f} and {high / 2**20:.1f} MB, ratio {high / low:.2f}\n"
    )
    assert many <= TIME_A_ROW * few
    assert high <= MEMORY * low
