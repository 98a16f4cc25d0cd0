"""Notes inside an authority: append-only, read by its people and the auditor, and by nobody else on whatever road."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from registry.journal import is_whole
from registry.models import Authority, JournalEntry, Unit
from registry.refusal import Refusal
from reporting.models import Note
from reporting.review import notes
from tests import worlds
from tests.access_world import NEAR, STRANGERS
from tests.exports import csv_of
from tests.reporting import story
from tests.reporting.api import *  # noqa: F403 (its fixtures)
from tests.reporting.api import PACKAGES

WHEN = story.READ_AT
SAID = "疑似重复入账，待核"
READERS = {"officer", "approver", "auditor"}
WRITERS = {"officer", "approver"}


@pytest.fixture
@worlds.world
def package(unit, process, clerk):
    return story.submitted(unit, "2025-07", clerk).package


@pytest.fixture
def written(package, officer):
    return notes.write(package, text=f" {SAID} ", by=officer, at=WHEN)


@pytest.mark.parametrize("name", [*NEAR, *STRANGERS])
def test_only_the_authority_and_the_auditor_read_it(name, written, package, client_for, request):
    person = request.getfixturevalue(name)
    assert [note.text for note in notes.of_package(person, package)] == [SAID] * (name in READERS)
    browser = client_for(person)
    for address in (
        reverse("reporting:package", args=[package.pk]),
        reverse("reporting:package_version", args=[package.pk, 1]),
    ):
        assert (SAID in browser.get(address).content.decode()) == (name in READERS), address
    # What the person is told, what they find, the unit's own pages, the journal: nowhere.
    for address in (
        reverse("registry:journal"),
        reverse("registry:notifications"),
        reverse("search") + f"?q={SAID}",
        reverse("registry:unit", args=[package.unit_id]),
        reverse("reporting:unit_year", args=[package.unit_id, 2025]),
        reverse("reporting:package_compare", args=[package.pk]),
    ):
        said = browser.get(address).content.decode()
        assert SAID not in said.replace(f'value="{SAID}"', "").replace(f"q={SAID}", ""), address


@pytest.mark.parametrize("name", [*NEAR, *STRANGERS])
def test_only_people_of_the_authority_write_one(name, package, request):
    person = request.getfixturevalue(name)
    if name in WRITERS:
        notes.write(package, text="x", by=person, at=WHEN)
    else:
        with pytest.raises(PermissionDenied):
            notes.write(package, text="x", by=person, at=WHEN)
    assert Note.objects.count() == (name in WRITERS)


def test_the_journal_has_its_digest_and_not_its_text(written, officer, auditor, client_for):
    entry = JournalEntry.objects.get(act="package.noted")
    assert is_whole(entry)
    assert "reporting.note" in entry.facts
    assert SAID not in entry.facts
    for person in (officer, auditor):
        taken = csv_of(client_for(person).get(reverse("registry:journal") + "?_export=csv"))
        assert taken.rows
        assert not [cell for row in taken.rows for cell in row if SAID in str(cell)]


@pytest.mark.parametrize("list_page", ["reporting:package_queue", "reporting:packages"])
def test_no_list_that_is_taken_away_has_it(list_page, written, officer, client_for):
    taken = csv_of(client_for(officer).get(reverse(list_page) + "?_export=csv"))
    assert taken.rows
    assert not [cell for row in taken.rows for cell in row if SAID in str(cell)]


@pytest.mark.usefixtures("now")
def test_the_api_does_not_have_it(written, caller):
    answer = caller.get(PACKAGES)
    assert answer.status_code == 200
    assert "2025-07" in answer.content.decode()
    assert SAID not in str(answer.json())


def test_it_stays_with_the_authority_that_wrote_it(written, package, officer, stranger_officer):
    Unit.objects.filter(pk=package.unit_id).update(authority=stranger_officer.authority)
    assert notes.of_package(stranger_officer, package) == []
    assert [note.text for note in notes.of_package(officer, package)] == [SAID]
    assert written.authority == Authority.objects.get(pk=officer.authority_id)


def test_it_is_never_changed_or_taken_away(written):
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.update(text="y")
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.all().delete()


def test_written_by_page(package, officer, client_for):
    address = reverse("reporting:package_note", args=[package.pk]) + "?desk=1"
    browser = client_for(officer)
    with pytest.raises(Refusal):
        notes.write(package, text=" ", by=officer, at=WHEN)
    browser.post(address, {"text": "  "})
    assert not Note.objects.exists()
    answer = browser.post(address, {"text": SAID})
    assert answer["Location"] == reverse("reporting:package", args=[package.pk]) + "?desk=1#inside"
    assert Note.objects.get().by == officer
