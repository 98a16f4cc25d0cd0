"""A national run of 12,000 lines, from the job's start to committed awards, beside Django's bulk_create of as many award rows alone.

Run by hand: `pytest tests/benchmarks/bench_run.py`. What is asserted are ratios of processor time within one run (on SQLite, which works
in this process), never a time. `BENCH_LINES` and `BENCH_MANY` make it smaller.
"""

import datetime as dt
import os
import statistics
import time
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection, transaction

from allocation import runs
from allocation.models import Award, BalanceValue, Run
from registry import jobs
from registry.models import DirectoryEntry, Line, Unit
from registry.values.sectors import Sector
from reporting.models import AnnualReport, Verification, VerifiedResult
from tests.allocation.conftest import PREPARED, PUBLISHED, VERIFIED, publish  # noqa: F401 (a fixture)
from tests.cast import credit_code

pytestmark = [pytest.mark.benchmark(group="run"), pytest.mark.django_db]

LINES, MANY = int(os.environ.get("BENCH_LINES", "12000")), int(os.environ.get("BENCH_MANY", "100000"))
ROUNDS, BATCH, YEAR = 4, 2000, 2025
UNITS, OF = 5, 12  # five units have twelve lines
MOST, LEEWAY = 3, 1.25  # times bulk_create; of the time a line


@pytest.fixture
def nation(hebei, shandong, officer, approver, analyst, verifier_body):
    """`nation(authority, count)`: so many verified cement lines in the directory of one authority."""

    def make(authority, count: int) -> None:
        units = Unit.objects.bulk_create(
            (
                Unit(
                    credit_code=credit_code(number, authority.code),
                    name=f"示例水泥{number}",
                    authority=authority,
                    city="示例市",
                )
                for number in range(count * UNITS // OF)
            ),
            batch_size=BATCH,
        )
        lines = Line.objects.bulk_create(
            (
                Line(
                    unit=units[n * UNITS // OF],
                    sector=Sector.CEMENT,
                    code=f"K{n}",
                    name=f"{n}号窑",
                    capacity=5000,
                    commissioned=dt.date(2015, 1, 1),
                )
                for n in range(count)
            ),
            batch_size=BATCH,
        )
        DirectoryEntry.objects.bulk_create(
            (
                DirectoryEntry(
                    unit=unit, year=YEAR, sector=Sector.CEMENT, state=DirectoryEntry.State.LISTED,
                    entered_on=dt.date(2025, 5, 10), entry_ground=DirectoryEntry.EntryGround.OVER_THRESHOLD, entry_reason="x",
                    proposed_by=officer, proposed_at=VERIFIED, decided_by=approver, decided_at=VERIFIED,
                )
                for unit in units
            ),
            batch_size=BATCH,
        )  # fmt: skip
        verify(units, lines)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def verify(units, lines) -> None:
        whose = {"sector": Sector.CEMENT, "year": YEAR, "version": 1}
        reports = AnnualReport.objects.bulk_create(
            (
                AnnualReport(
                    **whose, unit=unit, due=dt.date(2026, 3, 31), emissions=1, prepared_by=analyst, prepared_at=VERIFIED
                )
                for unit in units
            ),
            batch_size=BATCH,
        )
        verifications = Verification.objects.bulk_create(
            (
                Verification(
                    **whose, unit=report.unit, report=report, body=verifier_body, state=Verification.State.APPROVED,
                    assigned_by=officer, assigned_at=VERIFIED, concluded_by=officer, concluded_at=VERIFIED,
                    approved_by=approver, approved_at=VERIFIED, told_at=VERIFIED,
                )
                for report in reports
            ),
            batch_size=BATCH,
        )  # fmt: skip
        of_unit = {verification.unit_id: verification for verification in verifications}
        draw = np.random.default_rng(1).integers
        numbers = zip(
            *(draw(*ends, len(lines)).tolist() for ends in ((10**5, 10**6), (7 * 10**7, 10**8), (9 * 10**7, 10**8))),
            strict=True,
        )
        VerifiedResult.objects.bulk_create(
            (
                VerifiedResult(
                    **whose, unit_id=line.unit_id, line=line, verification=of_unit[line.unit_id], emissions=emissions,
                    main_emissions=Decimal(main) / 100, output=Decimal(output) / 100, approved_by=approver, approved_at=VERIFIED,
                )
                for line, (emissions, main, output) in zip(lines, numbers, strict=True)
            ),
            batch_size=BATCH,
        )  # fmt: skip

    return make


@pytest.fixture
def computed(officer):
    """`computed(authority)`: seconds from the job's start to committed awards, and the run, which is then cancelled."""

    def act(authority) -> tuple[float, Run]:
        run = runs.prepare(authority, Sector.CEMENT, YEAR, Run.Kind.DETERMINATION, by=officer, at=PREPARED)
        start = time.process_time()
        jobs.run(run.job_id, worker="bench")
        seconds = time.process_time() - start
        run.refresh_from_db()
        assert run.state == Run.State.PREPARED, run.faults
        return seconds, runs.cancel(run, by=officer, at=PREPARED)

    return act


def bulk_create(run: Run) -> float:
    """Seconds that Django takes for the run's award rows alone, as they come to be: into another run."""
    awards = list(run.awards.order_by("pk"))
    run.pk = None
    run.save(force_insert=True)
    for award in awards:
        award.pk, award.run = None, run
    start = time.process_time()
    with transaction.atomic():
        Award.objects.bulk_create(awards)
    return time.process_time() - start


def test_a_national_run_costs_at_most_three_bulk_creates(benchmark, nation, hebei, publish, computed):  # noqa: F811
    nation(hebei, LINES)
    publish(Sector.CEMENT)
    assert BalanceValue.objects.get().state == BalanceValue.State.PUBLISHED
    computed(hebei)  # what is loaded once
    pairs = []
    for _ in range(ROUNDS):
        seconds, run = computed(hebei)
        assert run.awards.count() == LINES
        pairs.append((seconds, bulk_create(run)))
    benchmark.pedantic(computed, args=(hebei,), rounds=1)
    # Pair by pair: the machine is busier at one moment than at another.
    ratio = statistics.median(seconds / bare for seconds, bare in pairs)
    benchmark.extra_info |= {"seconds": [[round(one, 2) for one in pair] for pair in pairs], "ratio": round(ratio, 2)}
    assert ratio <= MOST


def test_a_run_grows_with_its_lines(benchmark, nation, hebei, shandong, publish, computed):  # noqa: F811
    nation(hebei, LINES)
    nation(shandong, MANY)
    publish(Sector.CEMENT)
    few = min(computed(hebei)[0] for _ in range(2)) / LINES
    many = benchmark.pedantic(computed, args=(shandong,), rounds=1)[0] / MANY
    benchmark.extra_info["ratio of time a line"] = round(many / few, 2)
    assert many <= LEEWAY * few
