"""The pages over national runs of 12,000 lines beside a plain page of django-tables2 with 25 rows and 9 columns.

Run by hand: `pytest tests/benchmarks/bench_run_pages.py --benchmark-only -s`. The ratios are printed and stand in the benchmark's extra
info. `BENCH_LINES` makes it smaller.
"""

import functools
import sys
import time

import pytest
from django.urls import path, reverse

from allocation import runs
from allocation.models import Award, Run
from allocation.web.views.runs import comparisons
from quota_site import urls
from registry import jobs
from registry.values.sectors import Sector
from reporting.models import VerifiedResult
from tests.allocation.conftest import PREPARED, publish  # noqa: F401 (a fixture)
from tests.benchmarks.bench_run import LINES, YEAR, nation  # noqa: F401 (a fixture)
from tests.benchmarks.beside import beside, plain_page
from tests.cast import at

pytestmark = [pytest.mark.benchmark(group="run pages"), pytest.mark.django_db]

ROUNDS, MOST = 15, 1.3
NAMES = ("run_compare", "run_awards", "run")
# It has two tables, the sums, and what is to be done: more on it, but none of it grows with the lines.
COLUMNS = ("id", "emissions", "quota", "due", "intensity", "deviation", "coefficient", "case", "article")
RUN, MOST_OF_RUN = "the run that waits for approval", 3


urlpatterns = [*urls.urlpatterns, path("plain/", plain_page(Award, COLUMNS))]


@pytest.fixture
def two(nation, publish, hebei, officer) -> tuple[Run, Run]:  # noqa: F811
    """A run, cancelled, and the one after it, which waits for approval."""
    nation(hebei, LINES)
    publish(Sector.CEMENT)
    made = []
    for when in (PREPARED, at("2026-09-01 12:00")):
        if made:
            runs.cancel(made[0], by=officer, at=PREPARED)
        run = runs.prepare(hebei, Sector.CEMENT, YEAR, Run.Kind.DETERMINATION, by=officer, at=when)
        jobs.run(run.job_id, worker="bench")
        run.refresh_from_db()
        assert run.state == Run.State.PREPARED, run.faults
        made.append(run)
    assert VerifiedResult.objects.count() == LINES
    return made[0], made[1]


def test_pages_over_national_runs(benchmark, settings, two, approver, client_for):
    settings.ROOT_URLCONF = __name__
    earlier, later = two
    browser = client_for(approver)
    compare, awards, run = (reverse(f"allocation:{name}", args=[later.pk]) for name in NAMES)
    start = time.perf_counter()
    assert browser.get(f"{compare}?with={earlier.pk}").status_code == 200
    first = time.perf_counter() - start
    assert comparisons._compared.cache_info().currsize
    pages = {
        "comparison": f"{compare}?with={earlier.pk}",
        "comparison, page 300": f"{compare}?with={earlier.pk}&page=300",
        "awards": awards,
        "awards, page 300": f"{awards}?page=300",
        RUN: run,
    }
    ratios = {}
    for name, url in pages.items():
        assert browser.get(url).status_code == 200
        page, bare, ratios[name] = beside(functools.partial(browser.get, url), lambda: browser.get("/plain/"), ROUNDS)
        benchmark.extra_info[name] = f"{page:.1f} ms, plain {bare:.1f} ms, ratio {ratios[name]:.2f}"
    benchmark.extra_info["comparison, computed for the first time"] = f"{first:.2f} s"
    benchmark(lambda: browser.get(pages["comparison"]))
    sys.stdout.write("\n".join(f"{name}: {said}" for name, said in benchmark.extra_info.items()) + "\n")
    assert {
        name: round(ratio, 2) for name, ratio in ratios.items() if ratio > (MOST_OF_RUN if name == RUN else MOST)
    } == {}
