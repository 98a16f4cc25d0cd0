"""The officer's queue over 45,000 packages × 3 years against a plain page of django-tables2 with 25 rows and 9 columns.

Run by hand: `pytest tests/benchmarks/bench_queue.py --benchmark-only -s`, with DATABASE_URL on PostgreSQL. The ratios are printed, and
stand in the benchmark's extra info; however it is narrowed, the queue stays below 1.3 times the plain page, and asks for as much
as it asked for of a short one. `BENCH_UNITS` makes it smaller.
"""

import datetime as dt
import functools
import os
import random
import sys

import pytest
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import path, reverse

from quota_site import urls
from registry.models import Person, Unit
from registry.values.credit_code import check_character
from reporting.models import Package, Question, Reply, Submission, Upload
from tests.benchmarks.beside import OF_PACKAGES, median, plain_page
from tests.cast import at

pytestmark = [pytest.mark.benchmark(group="queue"), pytest.mark.django_db(transaction=True)]
# 1,250 units × 3 sectors × 12 months = 45,000 a year
UNITS, YEARS, ROUNDS = int(os.environ.get("BENCH_UNITS", "1250")), (2024, 2025, 2026), 15
MOST = 1.3

# Session, person, seat, badge, saved views; keys, packages, questions; months before, lines, peers, thresholds; the units of a search.
PINNED = {
    "": 12,
    "?page=40": 12,
    "?sector=steel": 12,
    "?sector=steel&page=40": 12,
    "?period=2025-07": 12,
    "?late=on": 13,
    "?warned=on": 12,
    "?returned=on": 12,
    "?asked=on": 12,
    "?tonnes=20000": 12,
    "?q=企业7号": 13,  # one unit
    "?q=企业7": 13,  # 111 units
    "?q=企业": 13,  # all units
    "?sector=steel&q=企业77&late=on": 13,
    # Nothing is found.
    "?tonnes=30000": 6,
    "?period=2031": 6,
    "?q=nobody": 6,
}


@pytest.fixture
def packages(hebei, clerk, officer):
    """All of them wait in one province: more than ever will."""
    draw = random.Random(1)
    units = Unit.objects.bulk_create(
        Unit(credit_code=_code(number), name=f"示例企业{number}号", authority=hebei, city="示例市")
        for number in range(UNITS)
    )
    keys = [
        (unit, sector, f"{year}-{month:02}")
        for year in YEARS
        for month in range(1, 13)
        for sector in ("steel", "cement", "aluminium")
        for unit in units
    ]
    rows = Package.objects.bulk_create(
        (
            Package(
                unit=unit,
                sector=sector,
                period=period,
                year=int(period[:4]),
                due=dt.date(2026, 12, 31),
                submitted_at=at("2026-01-01") + dt.timedelta(seconds=draw.randrange(10**7)),
                risk=draw.randrange(100),
                risk_parts=[{"kind": "value", "points": 1, "found": "20000", "code": ""}],
                late=not draw.randrange(20),
                warnings=not draw.randrange(10),
                sent_back=not draw.randrange(50),
                emissions=20_000,
            )
            for unit, sector, period in keys
        ),
        batch_size=2000,
    )
    uploads = Upload.objects.bulk_create(
        (
            Upload(package=row, sha256=f"{row.pk:064}", size=1, name="x.xlsx", by=clerk, at=at("2026-01-01"))
            for row in rows
        ),
        batch_size=2000,
    )
    Submission.objects.bulk_create(
        (
            Submission(package=row, version=1, upload=upload, read_at=upload.at, content="x" * 500, emissions=20_000)
            for row, upload in zip(rows, uploads, strict=True)
        ),
        batch_size=2000,
    )
    version = Submission.objects.filter(package=OuterRef("pk")).values("pk")[:1]
    Package.objects.update(submission=Subquery(version), state=Package.State.SUBMITTED, submitted_by=clerk)
    _answered(Package.objects.filter(pk__in=[row.pk for row in rows[:300]]), officer, clerk)
    with connection.cursor() as cursor:
        # Written all at once and then again: as it lies after a while.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM FULL ANALYZE")
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return rows


def _answered(rows: QuerySet[Package], officer: Person, clerk: Person) -> None:
    """A question about each of these packages, and its answer."""
    moment = at("2026-06-01")
    asked = Question.objects.bulk_create(
        Question(package=row, submission_id=row.submission_id, text="?", by=officer, at=moment) for row in rows
    )
    Reply.objects.bulk_create(Reply(question=question, text="!", by=clerk, at=moment) for question in asked)


def _code(number: int) -> str:
    return (first := f"91130000{number:09d}") + check_character(first)


urlpatterns = [*urls.urlpatterns, path("plain/", plain_page(Package, OF_PACKAGES))]


@pytest.mark.usefixtures("packages")
def test_queue(benchmark, settings, officer, client_for, django_assert_num_queries):
    settings.ROOT_URLCONF = __name__
    browser, url = client_for(officer), reverse("reporting:package_queue")
    ratios = {}
    for query, pinned in PINNED.items():
        with django_assert_num_queries(pinned):
            assert browser.get(url + query).status_code == 200
        queue = median(functools.partial(browser.get, url + query), ROUNDS)
        bare = median(lambda: browser.get("/plain/"), ROUNDS)
        ratios[query] = queue / bare
        benchmark.extra_info[query or "all"] = (
            f"{queue * 1000:.1f} ms, plain {bare * 1000:.1f} ms, ratio {queue / bare:.2f}"
        )
    benchmark.extra_info["packages"] = Package.objects.count()
    benchmark(lambda: browser.get(url))
    sys.stdout.write("\n".join(f"{name}: {said}" for name, said in benchmark.extra_info.items()) + "\n")
    assert {query: ratio for query, ratio in ratios.items() if ratio > MOST} == {}
