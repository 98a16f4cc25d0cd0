"""The officer's queue over 45,000 packages × 3 years against a plain page of django-tables2 with 25 rows and 9 columns.

Run by hand: `pytest tests/benchmarks/bench_queue.py --benchmark-only -s`. The ratios are printed, and stand in the benchmark's extra
info; the queue is to stay below 1.3 times the plain page. `BENCH_UNITS` makes it smaller.
"""

import datetime as dt
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import django_tables2 as tables
import pytest
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path, reverse

from quota_site import urls
from registry.credit_code import check_character
from registry.models import Unit
from reporting.models import Package, Submission, Upload
from tests.cast import at

pytestmark = [pytest.mark.benchmark(group="queue"), pytest.mark.django_db]
# 1,250 units × 3 sectors × 12 months = 45,000 a year
UNITS, YEARS, ROUNDS = int(os.environ.get("BENCH_UNITS", "1250")), (2024, 2025, 2026), 15

QUERIES = ("", "?page=40", "?sector=steel", "?late=on", "?tonnes=20000", "?q=企业7号")
PAGE = """{% extends 'base.html' %}{% load django_tables2 %}
{% block content %}{% render_table table 'django_tables2/table.html' %}{% endblock %}"""


class PlainTable(tables.Table):
    """Nine columns of what stands in memory, by the stock template."""

    class Meta:
        model = Package
        fields = ("id", "sector", "period", "year", "due", "state", "submitted_at", "late", "risk")


@pytest.fixture
def packages(hebei, clerk):
    """All of them wait in one province: more than ever will."""
    draw = random.Random(1)  # noqa: S311
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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rows


def _code(number: int) -> str:
    return (first := f"91130000{number:09d}") + check_character(first)


def plain(request: HttpRequest) -> HttpResponse:
    """25 rows of one table by the stock template, in our frame: no filter, no paging, no links."""
    table = PlainTable(Package.objects.order_by("pk")[:25])
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"table": table}, request))


urlpatterns = [*urls.urlpatterns, path("plain/", plain)]


def _median(call: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    once()
    return statistics.median(once() for _round in range(ROUNDS))


@pytest.mark.usefixtures("packages")
def test_queue(benchmark, settings, officer, client_for):
    settings.ROOT_URLCONF = __name__
    browser, url = client_for(officer), reverse("reporting:package_queue")
    for query in QUERIES:
        assert browser.get(url + query).status_code == 200
        queue, bare = _median(lambda query=query: browser.get(url + query)), _median(lambda: browser.get("/plain/"))
        benchmark.extra_info[query or "all"] = (
            f"{queue * 1000:.1f} ms, plain {bare * 1000:.1f} ms, ratio {queue / bare:.2f}"
        )
    benchmark.extra_info["packages"] = Package.objects.count()
    benchmark(lambda: browser.get(url))
    sys.stdout.write("\n".join(f"{name}: {said}" for name, said in benchmark.extra_info.items()) + "\n")
