"""The smallest country, built once for the module by the real services, and what stands in it."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.test import Client

from allocation.ledger import accounts
from allocation.models import (
    Account,
    Award,
    Certificate,
    Deduction,
    DeductionMovement,
    Holding,
    Letter,
    Objection,
    Run,
    Settlement,
    SurrenderRequest,
    TradeImport,
    Withholding,
)
from allocation.scope import runs_in_force
from quota_site.demo.build import PRESENT, build
from quota_site.demo.printed import lines, table
from quota_site.demo.running.people import PASSWORD
from quota_site.demo.summary import Summary
from registry import journal
from registry.models import ApiToken, DirectoryEntry, FilingMandate, Job, JournalEntry, Person, Unit
from registry.permissions.roles import Role
from reporting.models import (
    BulkItem,
    BulkUpload,
    Package,
    PackageEvent,
    Submission,
    Verification,
    VerificationEvent,
    VerifiedDatum,
)
from tests import worlds
from tests.quota_site import walking

# So that one of them can be run alone: the database is only made for tests that say that they want it.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _module_files(tmp_path_factory):
    """Uploads of the whole module; the autouse fixture of single tests comes later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("demo"))
        yield


@pytest.fixture(scope="module")
def country(_module_files, django_db_setup, django_db_blocker, tmp_path_factory):
    """The country's summary; all of it is rolled back after the module's last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.one_for_all("tiny", lambda: build("tiny", seed=1), tmp_path_factory)
        transaction.set_rollback(True)


def test_the_first_year_is_closed_with_its_certificates(country: Summary):
    year = country.years[0]
    assert (year.year, year.units, year.complete) == (2024, 6, 6)
    assert year.due == year.surrendered > 0
    # One surrendered after 2025-12-31.
    assert list(Certificate.objects.filter(late=True).values_list("year", flat=True)) == [2024]


def test_the_second_year_is_in_the_middle_of_its_surrender(country: Summary):
    year = country.years[1]
    assert (year.year, year.units) == (2025, 6)
    assert 0 < year.complete < year.units
    assert 0 < year.surrendered < year.due
    states = set(SurrenderRequest.objects.filter(year=2025).values_list("state", flat=True))
    assert states == {"requested", "confirmed", "approved", "executed"}


def test_quota_equals_emissions_in_every_sector_as_far_as_the_floor_lets_it(country: Summary):
    for sector in country.sectors:
        assert sector.balance_value
    awards = Award.objects.filter(run__year=2025, run__kind="determination", run__state="approved")
    for name in ("steel", "aluminium"):  # cement has lines outside the allocation
        rows = awards.filter(run__sector=name)
        emissions = sum(row.emissions for row in rows)
        # The value is rounded to four decimals: its error moves quota by 0.15 · 0.00005 / 1.4 of the emissions at most.
        assert abs(sum(row.quota for row in rows) - emissions) <= emissions * 6 // 1_000_000 + len(rows)


def test_every_special_line_has_its_case(country: Summary):
    awards = Award.objects.filter(run__year=2025, run__kind="determination", run__state="approved")
    cases = set(awards.filter(run__sector="cement").values_list("case", flat=True))
    assert {"white", "carbide_slag", "gypsum_acid", "outside_closed", "outside_commissioned", "within"} <= cases


def test_a_unit_whose_line_closed_hands_quota_back(country: Summary):
    assert Settlement.objects.filter(issued_now__lt=0, run__state="approved").exists()


def test_what_went_wrong_went_wrong(country: Summary):
    versions = Submission.objects.filter(version=2).select_related("package")
    assert {version.package.period for version in versions} == {"2025-03", "2025-08", "2025-09"}
    first = Submission.objects.filter(version=1, errors__gt=0)
    assert {version.package.period for version in first} == {"2025-03", "2025-08"}
    returned = PackageEvent.objects.filter(kind="returned").values_list("package__period", "package__state")
    assert sorted(returned) == [("2025-09", "accepted"), ("2026-09", "returned")]
    assert set(Package.objects.filter(late=True).values_list("period", flat=True)) == {"2025-11"}
    assert VerificationEvent.objects.filter(kind="returned").count() == 1
    # One value of either verification was corrected, and in the one two more that follow from it, and it itself.
    assert VerifiedDatum.objects.exclude(reason="").count() == 4
    assert Verification.objects.filter(year=2025, version=2, state="assigned").count() == 1
    assert Run.objects.filter(state="refused").count() == 1
    assert DirectoryEntry.objects.filter(year=2027, state="exit_proposed").count() == 1
    assert Account.objects.filter(frozen=True).count() == 1


def test_a_zip_has_an_outcome_for_each_file_and_a_mandate_a_holder(country: Summary):
    outcomes = dict(BulkItem.objects.order_by("number").values_list("number", "kind"))
    assert outcomes == {1: "taken", 2: "refused", 3: "refused"}
    under_review, no_workbook = BulkItem.objects.filter(kind="refused").order_by("number")
    assert under_review.message
    assert no_workbook.finding["code"] == "file.not_workbook"
    assert FilingMandate.objects.get(state="accepted").holder_unit == BulkUpload.objects.get().unit
    assert ApiToken.objects.filter(revocation__isnull=True).count() == 1


def test_a_unit_is_overdue_and_the_others_are_not(country: Summary):
    silent = Unit.objects.exclude(packages__period="2026-09")
    assert silent.count() == 1
    assert silent.get().memberships.count() == 2


def test_everything_issued_and_sent_is_done(country: Summary):
    assert set(Letter.objects.values_list("state", flat=True)) == {"executed"}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_quota_was_contested_deducted_and_withheld(country: Summary):
    filed = Objection.objects.filter(settlement__run__sector="steel").get()
    assert (filed.state, filed.is_late) == ("filed", True)
    assert set(Objection.objects.exclude(pk=filed.pk).values_list("state", flat=True)) <= {"refused"}
    (withheld,) = Withholding.objects.filter(settlement__run__state="approved")
    assert withheld.differentiation.ground == "judicial_freeze"
    held = Holding.objects.filter(account__kind="withheld").values_list("amount", flat=True)
    assert sum(held) == withheld.tonnes
    taken = DeductionMovement.objects.filter(settlement__run__state="approved").values_list("taken", flat=True)
    assert sum(taken) == sum(Deduction.objects.filter(state="approved").values_list("tonnes", flat=True))


def test_a_table_of_trades_waits_for_the_approver(country: Summary):
    waiting = TradeImport.objects.get(state="proposed")
    assert waiting.trades == waiting.rows.count() > 0


def test_the_ledger_agrees_and_the_journal_is_whole(country: Summary):
    assert accounts.disagreements() == []
    assert list(journal.verify()) == []
    assert JournalEntry.objects.count() == country.journal_entries


def test_the_journal_runs_forward_in_time(country: Summary):
    assert list(journal.backwards()) == []
    assert JournalEntry.objects.latest("sequence").at < PRESENT


def test_no_run_is_approved_before_it_was_prepared(country: Summary):
    assert Run.objects.filter(approved_at__lt=F("requested_at")).count() == 0
    again = Run.objects.filter(state=Run.State.REFUSED).values_list("refused_at", "authority", "sector", "year", "kind")
    for refused_at, *scope in again:
        names = ("authority", "sector", "year", "kind")
        later = Run.objects.filter(state=Run.State.APPROVED, **dict(zip(names, scope, strict=True))).first()
        assert later is None or later.requested_at > refused_at


KNOWN_IN_LATIN = {"English"}


@pytest.mark.pages
@pytest.mark.parametrize("role", Role.values)
def test_no_latin_word_stands_on_a_chinese_page(country: Summary, client_for, role: str):
    """From each role's home by its links; codes, units, symbols, file and user names apart."""
    person = Person.objects.filter(username__in=[login.username for login in country.logins], role=role)[0]
    names = {word for login in country.logins for word in re.split(r"[^a-z]+", login.username)}
    found = {
        (address, word)
        for address, words in walking.walk(client_for(person))
        for word in walking.latin(words) - names - KNOWN_IN_LATIN
    }
    assert sorted(found) == []


@pytest.mark.services
def test_the_command_takes_only_its_own_database_and_gives_the_same_content(country: Summary, tmp_path):
    """Real processes in a data directory of their own: refused without the mark, started afresh with it, and with the same seed
    the content is the same although helpers did the work in whatever order."""

    def manage(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment |= {"QUOTA_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "quota_site.settings"}
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        return subprocess.run(command, env=environment, input=typed, capture_output=True, text=True, check=False)

    def people() -> set[str]:
        with contextlib.closing(sqlite3.connect(database)) as found:
            return {name for (name,) in found.execute("SELECT username FROM registry_person")}

    database = tmp_path / "quota.sqlite3"
    demo = ("demo", "--scale", "tiny", "--no-serve", "--processes", "2")
    assert manage("migrate", "-v", "0").returncode == 0
    somebody = ("add_person", "somebody", "--name", "审计", "--role", "auditor")
    assert manage(*somebody, typed="a long enough phrase\n").returncode == 0
    assert manage(*demo).returncode == 2
    assert people() == {"somebody"}
    (tmp_path / "demo.json").write_text(json.dumps({"database": f"sqlite3:{database}", "clock_offset_seconds": 0}))
    done = manage(*demo)
    assert done.returncode == 0, done.stderr
    assert country.digest in done.stdout
    assert {login.username for login in country.logins} < people()
    assert "somebody" not in people()


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_login_that_works(country: Summary, role: str):
    logins = [login for login in country.logins if login.role == role]
    assert logins
    for login in logins:
        browser = Client()
        assert browser.login(username=login.username, password=PASSWORD)
        assert browser.get("/").status_code == 200
        assert Person.objects.get(username=login.username).role == role


def test_what_is_not_in_the_quota_explains_the_whole_gap(country: Summary):
    for row in country.sectors:
        runs = runs_in_force.runs().filter(sector=row.sector, year=2025, kind=Run.Kind.DETERMINATION)
        due = Settlement.objects.filter(run__in=runs).aggregate(due=Sum("due", default=0))["due"]
        found = row.not_in_quota
        apart = (found.undetermined, found.outside, found.unlisted, found.changed)
        assert row.emissions == due + sum(part.tonnes for part in apart)


def test_the_summary_is_printed_in_columns(country: Summary):
    printed = list(lines(country))
    assert any(PASSWORD in line for line in printed)
    assert any(line.endswith("100.00%") and line.startswith("2024") for line in printed)
    assert all(any(login.username in line for line in printed) for login in country.logins)


def test_columns_count_chinese_signs_twice():
    assert list(table([["甲", "t"], ["abc", "12"]], figures_from=1)) == ["甲    t", "───  ──", "abc  12"]
