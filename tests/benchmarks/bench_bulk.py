"""A group's zip of workbooks: five times the files cost five times the time and the queries, and no more.

Run by hand: `pytest tests/benchmarks/bench_bulk.py`. Each workbook is a unit's month of its own: taken in, read, checked and accounted.
"""

import itertools
import time

import pytest
from django.db import connection

from registry.models import Unit
from registry.people import mandates
from registry.permissions.roles import Role
from reporting.filing import bulk
from reporting.models import Package
from tests.reporting import story
from tests.reporting.zips import NOW, now, zipped  # noqa: F401 (a fixture)

pytestmark = pytest.mark.usefixtures("now")

FEW, MANY = 100, 500
MONTHS = range(1, 11)  # that have ended by NOW
LEEWAY = 1.25  # of the time: the machine has other things to do


@pytest.fixture
def group(make_unit, make_line, make_person, unit):
    """`group(count)`: a zip of so many months of units that gave 甲 a mandate."""
    holder = make_person(Role.UNIT_APPROVER, "甲企业审批人", unit=unit)

    def mandating() -> Unit:
        other = make_unit(story.ALUMINIUM)
        story.electrolysis(other, make_line)
        theirs = make_person(Role.UNIT_APPROVER, "审批人", unit=other)
        days = {"since": NOW.date(), "until": NOW.date()}
        mandates.accept(mandates.offer(unit, may_submit=True, **days, by=theirs, at=NOW), by=holder, at=NOW)
        return other

    def make(count: int) -> bytes:
        units = [mandating() for _ in range(count // len(MONTHS))]
        named = [(each, f"2025-{month:02}") for each in units for month in MONTHS]
        return zipped(*((f"{each.pk} {month}.xlsx", story.book(each, month)) for each, month in named))

    return make


def test_a_group_zip_is_linear_in_files(benchmark, group, clerk, do_jobs):
    def cost(count: int) -> tuple[float, int]:
        """Seconds and queries of taking in and reading a zip of so many files."""
        data, before = group(count), Package.objects.count()
        asked = itertools.count()

        def counted(execute, *args):
            next(asked)
            return execute(*args)

        with connection.execute_wrapper(counted):
            start = time.perf_counter()
            bulk.receive(data, "集团.zip", by=clerk, at=NOW)
            do_jobs()
            seconds = time.perf_counter() - start
        assert Package.objects.filter(state=Package.State.READ).count() == before + count
        return seconds, next(asked)

    cost(10)  # what is loaded once
    few, queries_few = cost(FEW)
    many, queries_many = benchmark.pedantic(cost, args=(MANY,), rounds=1)
    benchmark.extra_info |= {
        "seconds a file": [round(few / FEW, 4), round(many / MANY, 4)],
        "queries a file": [queries_few / FEW, queries_many / MANY],
        "ratio of time": round(many / few, 2),
    }
    assert queries_many / MANY <= queries_few / FEW * 1.02
    assert many / MANY <= few / FEW * LEEWAY
