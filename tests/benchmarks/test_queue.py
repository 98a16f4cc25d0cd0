"""The officer's queue over 45,000 packages × 3 years against a plain page of django-tables2 with 25 rows and 9 columns.

Not in the timed path: `pytest tests/benchmarks/test_queue.py --benchmark-only`. No test asserts a time; `bench_ratio` is written into the
benchmark's extra info, and holds the queue to 1.3 times the plain page.
"""

import datetime as dt
import random
import statistics
import time

import django_tables2 as tables
import pytest
from django.db import connection
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from registry.credit_code import check_character
from registry.models import Unit
from reporting.models import Package, Submission, Upload
from tests.cast import at

pytestmark = [pytest.mark.benchmark(group="queue"), pytest.mark.django_db]
UNITS, YEARS, ROUNDS = 1_250, (2024, 2025, 2026), 15  # 1,250 units × 3 sectors × 12 months = 45,000 a year


class PlainTable(tables.Table):
    """Nine columns of what stands in memory, by the stock template."""

    a, b, c, d, e, f, g, h, i = (tables.Column() for _number in range(9))

    class Meta:
        orderable = False


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
            Package(unit=unit, sector=sector, period=period, year=int(period[:4]), due=dt.date(2026, 12, 31))
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
    versions = Submission.objects.bulk_create(
        (
            Submission(package=row, version=1, upload=upload, read_at=upload.at, content="x" * 500, emissions=20_000)
            for row, upload in zip(rows, uploads, strict=True)
        ),
        batch_size=2000,
    )
    for row, version in zip(rows, versions, strict=True):
        row.submission, row.state, row.submitted_by = version, Package.State.SUBMITTED, clerk
        row.submitted_at = at("2026-01-01") + dt.timedelta(seconds=draw.randrange(10**7))
        row.risk = draw.randrange(100)
        row.risk_parts = [{"kind": "value", "points": row.risk, "found": "20000", "code": ""}]
    fields = ["submission", "state", "submitted_by", "submitted_at", "risk", "risk_parts"]
    Package.objects.bulk_update(rows, fields, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rows


def _code(number: int) -> str:
    return (first := f"91130000{number:09d}") + check_character(first)


def _plain(request: HttpRequest) -> str:
    rows = [dict.fromkeys("abcdefghi", f"value {number}") for number in range(25)]
    template = engines["django"].from_string("{% extends 'base.html' %}{% load django_tables2 %}{% block content %}{% render_table table 'django_tables2/table.html' %}{% endblock %}")  # fmt: skip # noqa: E501
    return template.render({"table": PlainTable(rows)}, request)


def _median(call) -> float:
    def once() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    once()
    return statistics.median(once() for _round in range(ROUNDS))


@pytest.mark.parametrize("query", ["", "?page=40", "?sector=steel&late=", "?warned=on", "?q=示例企业7号"])
def test_queue(benchmark, packages, officer, client_for, query):
    browser, url = client_for(officer), reverse("reporting:package_queue") + query
    request = RequestFactory().get("/")
    request.user = officer
    plain = _median(lambda: _plain(request))
    queue = _median(lambda: browser.get(url))
    benchmark.extra_info |= {"packages": len(packages), "plain": plain, "queue": queue, "bench_ratio": queue / plain}
    benchmark(lambda: browser.get(url))
