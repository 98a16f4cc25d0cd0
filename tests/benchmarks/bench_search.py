"""Searching a country: 3,700 units and three years of their months, against a plain page of one table.

    .venv/bin/pytest -n 0 -s tests/benchmarks/bench_search.py

The limit is a ratio, because machines differ; the page's promise of 100 ms is looked at in what is printed.
"""

import datetime as dt
import functools
import sys

import pytest
from django.db import connection

from registry.models import Unit
from reporting.models import Package
from tests.benchmarks.beside import median
from tests.cast import credit_code

UNITS = 3700
YEARS = (2024, 2025, 2026)
ROUNDS = 9
MOST = 6.0  # times the plain page
CHARACTERS = "枫溪柳河岩峰月华晨曦芷城雾汀绿源铝业钢铁水泥集团"
# What is typed.
TYPED = ("枫溪", "fxlh", "gangtie", "枫溪 2025-09", "91130000", "公司", "LY-2025-130000-0001", "123456")


@pytest.fixture
def country(hebei, shandong):
    units = Unit.objects.bulk_create(
        (
            Unit(
                credit_code=credit_code(number, (hebei, shandong)[number % 2].code),
                name=f"{CHARACTERS[number % 24]}{CHARACTERS[number // 24 % 24]}{CHARACTERS[number // 576]}有限公司",
                authority=(hebei, shandong)[number % 2],
                city="示例市",
            )
            for number in range(UNITS)
        ),
        batch_size=500,
    )
    Package.objects.bulk_create(
        (
            Package(unit=unit, sector="steel", period=f"{year}-{month:02}", year=year, due=dt.date(year + 1, 1, 31))
            for unit in units
            for year in YEARS
            for month in range(1, 13)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return units


@pytest.mark.usefixtures("country")
def test_search(benchmark, auditor, officer, client_for):
    ratios = {}
    for person in (auditor, officer):
        browser = client_for(person)
        plain = median(functools.partial(browser.get, "/registry/messages/"), ROUNDS)
        for typed in TYPED:
            taken = median(functools.partial(browser.get, "/search/", {"q": typed}), ROUNDS)
            ratios[person.username, typed] = taken / plain
            sys.stdout.write(f"{person.username} {typed}: {taken * 1000:.1f} ms, plain {plain * 1000:.1f} ms\n")
    assert Package.objects.count() == UNITS * 36
    benchmark(lambda: client_for(auditor).get("/search/", {"q": "枫溪 2025-09"}))
    assert {key: ratio for key, ratio in ratios.items() if ratio > MOST} == {}
