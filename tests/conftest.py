"""What every test can ask for. The cast is in tests/cast.py, the database's ways in tests/database.py."""

import gc
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from registry import jobs
from registry.models import Job, Person
from registry.parameters import working_years
from tests.database import let_flush_through

pytest_plugins = ["tests.worlds", "tests.cast"]

# Without kept bytecode each worker and each process that a test starts compiles all our modules anew: half of a start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Everywhere as on a CI machine: the same examples in every run, and none fails because the machine is slow at that moment.
hypothesis_settings.load_profile("ci")

REQUIRED = frozenset(filter(None, os.environ.get("QUOTA_TEST_REQUIRE", "").split(",")))


def leave_out(what: str, reason: str) -> None:
    """Skip for want of `what` ("browser", "services", "postgres"); a failure where QUOTA_TEST_REQUIRE names it."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}", pytrace=False)
    pytest.skip(f"{what}: {reason}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the flush after a transactional test through, and have it leave what the migrations wrote."""
    with django_db_blocker.unblock():
        if "postgres" in REQUIRED and connection.vendor != "postgresql":
            pytest.exit("PostgreSQL is required here, and DATABASE_URL names something else", returncode=1)
        let_flush_through(connection)


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk():
    """A test's files need not outlive a loss of power. Processes that tests start write as the site does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploads of one test, and the end of its journal, are never seen by another."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOURNAL_END_FILE = tmp_path / "journal-end.json"


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    """What an earlier test cached of a person isn't said of another with the same key."""
    cache.clear()


@pytest.fixture(autouse=True)
def _years_of_the_file_alone(monkeypatch):
    """No calendar but the law file's: tests without a database ask for terms too. `entered_years` asks the database as the site does."""
    monkeypatch.setattr("registry.law.calendar._entered", [])


@pytest.fixture
def entered_years(monkeypatch, db):
    working_years.forget()
    monkeypatch.setattr("registry.law.calendar._entered", [working_years.find])
    yield
    working_years.forget()


@pytest.fixture(autouse=True)
def _silent_messages(monkeypatch):
    """No broker: jobs wait in the database until a test does them."""
    monkeypatch.setattr("registry.jobs.acts._send_message", lambda job_id: None)


@pytest.fixture
def do_jobs(db):
    """Do all waiting jobs in the order they were asked for; a job that fails fails the test, unless `may_fail`."""

    def do(*, may_fail: bool = False) -> list[Job]:
        done = []
        while waiting := Job.objects.filter(state=Job.State.WAITING).order_by("pk").first():
            jobs.run(waiting.pk, worker="test")
            waiting.refresh_from_db()
            if waiting.is_over:
                done.append(waiting)
            if waiting.state == Job.State.FAILED and not may_fail:
                pytest.fail(f"{waiting} failed: {waiting.error}")
        return done

    return do


@pytest.fixture
def client_for():
    """A browser in which a person is signed in; `language` is the one that they chose."""

    def sign_in(person: Person, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in


@pytest.fixture
def in_english():
    """Messages in English, whose words a test looks for."""
    with translation.override("en"):
        yield


def pytest_addoption(parser):
    parser.addoption(
        "--kept-only",
        action="store_true",
        help="leave out what uses no database, or any: on another one it would only run again",
    )


def pytest_xdist_auto_num_workers(config):
    """For the whole suite one process more than there are cores: tests of real processes and of the browser mostly wait. For what is named,
    none: a test has run before a second process has its database."""
    return (os.cpu_count() or 1) + 1 if config.args_source is config.ArgsSource.TESTPATHS else 0


# First what reads the walk over everybody's pages (tests/opened.py), together, so that one process takes the walk once and for all. Then
# what takes longest, so that no worker is left with it at the end: the browser; real processes, which mostly wait; walks over the
# whole site, which stand directly in this folder; and those of tests/quota_site.
LONGEST = ("browser/", "services/", "test_", "quota_site/test_demo.py", "quota_site/test_lost_session.py")


def _place(item) -> tuple[bool, bool]:
    """To sort by: whatever is not among the longest keeps its place behind them."""
    is_long = item.path.relative_to(Path(__file__).parent).as_posix().startswith(LONGEST)
    return "opened" not in item.fixturenames, not is_long


def pytest_collection_modifyitems(config, items):
    items.sort(key=_place)
    if not config.getoption("--kept-only"):
        return
    plain = [item for item in items if not _depends_on_the_database(item)]
    config.hook.pytest_deselected(items=plain)
    items[:] = [item for item in items if item not in set(plain)]


def pytest_collection_finish():
    """What has been imported and collected stays to the end: looking through it for garbage again and again is a tenth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _depends_on_the_database(item) -> bool:
    """Tests of supervision don't, nor do those that look at pages over what services and queries, tested by themselves, keep and find."""
    if item.get_closest_marker("supervision") or item.get_closest_marker("pages") or item.path.stem.endswith("pages"):
        return False
    named = {"db", "transactional_db"}.intersection(item.fixturenames)
    return bool(named) or any(item.get_closest_marker(name) for name in ("django_db", "services", "browser"))


def pytest_terminal_summary(terminalreporter):
    """Name what was left out and why, at the end where it is read."""
    left_out = defaultdict(int)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        left_out[reason.removeprefix("Skipped: ")] += 1
    if left_out:
        terminalreporter.section("left out")
        for reason, count in sorted(left_out.items()):
            terminalreporter.write_line(f"{count:4d} × {reason}")
