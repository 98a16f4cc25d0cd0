"""Taking a list of 45,000 rows away beside one of 4,500: time a row, and memory.

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
TIME_A_ROW, MEMORY = 1.25, 1.5  # of the many, times that of the few


def _taken(kind: str, rows: int) -> tuple[int, export.Taken]:
    found = queries.packages_listed().filter(pk__lte=rows)
    head, cells = export.columns_of(PackageTable(found, drafts=False))
    taken = export.taken_away("packages", kind, "存证", head, cells, people.NOW)
    return taken.rows, taken


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_is_taken_away_row_by_row(kind):
    cast = people.build()
    evidence.packages(cast)
    _taken(kind, 100)  # what is loaded once
    seconds, peaks = {}, {}
    for rows in (FEW, MANY):
        start = time.process_time()
        count, taken = _taken(kind, rows)
        seconds[rows] = time.process_time() - start
        assert count == rows
        taken.close()
        tracemalloc.start()
        _taken(kind, rows)[1].close()
        peaks[rows] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    said = ", ".join(f"{rows}: {seconds[rows]:.2f} s, {peaks[rows] / 2**20:.1f} MB" for rows in (FEW, MANY))
    a_row = seconds[MANY] / MANY / (seconds[FEW] / FEW)
    sys.stdout.write(f"{kind} {said}; time a row {a_row:.2f}, memory {peaks[MANY] / peaks[FEW]:.2f}\n")
    assert a_row <= TIME_A_ROW
    assert peaks[MANY] <= MEMORY * peaks[FEW]
