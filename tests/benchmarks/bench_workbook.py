"""Reading, checking and accounting a steel workbook, beside openpyxl's bare read of the same file.

Run by hand: `pytest tests/benchmarks/bench_workbook.py`. What is asserted is a ratio within one run, never a time.
"""

import time
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest

from reporting import checks
from reporting.accounting import account
from reporting.workbook import filled, read
from tests.reporting.months import spec, steel

ROUNDS = 15
BOOK = filled(spec(steel()), steel())


def ours() -> None:
    content = read(BOOK, "month.xlsx").content
    assert content is not None
    checks.run(content, account(content))


def whole() -> None:
    openpyxl.load_workbook(BytesIO(BOOK))


def row_by_row() -> None:
    """The quicker of openpyxl's two ways: values only, nothing kept."""
    book = openpyxl.load_workbook(BytesIO(BOOK), read_only=True, data_only=True)
    assert sum(1 for sheet in book.worksheets for _row in sheet.iter_rows(values_only=True)) >= 200


def best(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("bare", [whole, row_by_row])
def test_a_steel_workbook_costs_no_more_than_openpyxls_bare_read(benchmark, bare):
    benchmark.pedantic(ours, rounds=ROUNDS, warmup_rounds=2)
    ratio = benchmark.stats["min"] / best(bare)
    benchmark.extra_info["ratio to openpyxl"] = round(ratio, 3)
    assert ratio <= 1
