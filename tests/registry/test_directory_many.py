"""A year's directory made at once: all or none, each by two people and with its own row in the journal."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from registry import directory
from registry.directory import many
from registry.models import DirectoryEntry, JournalEntry, SectorMembership
from registry.refusal import Refusal
from registry.values.sectors import Sector
from tests.cast import at
from tests.confirming import confirm

GROUND = DirectoryEntry.EntryGround.OVER_THRESHOLD
ON = dt.date(2026, 1, 1)
WHEN = at("2026-03-02 09:00")
GIVEN: dict[str, Any] = {"on": ON, "ground": GROUND, "reason": "2025年度排放报告"}


@pytest.fixture
def places(unit, make_unit):
    """甲 in its three sectors, and a maker of flat glass."""
    make_unit(Sector.FLAT_GLASS, name="戊示例玻璃有限公司")
    return list(many.to_be_listed(2026))


def test_all_that_is_not_listed_is_proposed_each_with_its_own_row(places, officer):
    made = many.propose_entries(places, 2026, **GIVEN, by=officer, at=WHEN)
    assert len(made) == 4
    assert not many.to_be_listed(2026).exists()
    assert JournalEntry.objects.filter(act="directory.entry_proposed").count() == 4
    glass = DirectoryEntry.objects.get(sector=Sector.FLAT_GLASS)
    assert glass.entry_ground == DirectoryEntry.EntryGround.REPORTS_ONLY


def test_one_that_is_refused_refuses_all(places, officer):
    taken = next(place for place in places if place.sector == Sector.STEEL)
    directory.propose_entry(taken.unit, 2026, taken.sector, **GIVEN, by=officer, at=WHEN)
    with pytest.raises(Refusal, match=taken.unit.name):
        many.propose_entries(places, 2026, **GIVEN, by=officer, at=WHEN)
    assert DirectoryEntry.objects.count() == 1


def test_a_refused_entry_is_to_be_listed_again(unit, officer, approver):
    entry = directory.propose_entry(unit, 2026, "steel", **GIVEN, by=officer, at=WHEN)
    assert "steel" not in many.to_be_listed(2026).filter(unit=unit).values_list("sector", flat=True)
    directory.decide(entry, approve=False, reason="未达到", by=approver, at=WHEN)
    assert "steel" in many.to_be_listed(2026).filter(unit=unit).values_list("sector", flat=True)


def test_another_provinces_units_are_not_proposed(far_unit, officer):
    theirs = list(SectorMembership.objects.filter(unit=far_unit))
    with pytest.raises(PermissionDenied):
        many.propose_entries(theirs, 2026, **GIVEN, by=officer, at=WHEN)


def test_many_are_approved_as_they_were_shown_and_never_by_the_proposer(places, officer, approver, reseated):
    made = many.propose_entries(places, 2026, **GIVEN, by=officer, at=WHEN)
    with pytest.raises(Refusal):
        many.approve_entries(made, shown=many.seal_of(made), by=reseated(officer, approver), at=WHEN)
    changed = many.seal_of(made)
    DirectoryEntry.objects.filter(pk=made[0].pk).update(entry_reason="他由")
    with pytest.raises(Refusal):
        many.approve_entries(made, shown=changed, by=approver, at=WHEN)
    made[0].refresh_from_db()
    many.approve_entries(made, shown=many.seal_of(made), by=approver, at=WHEN)
    assert set(DirectoryEntry.objects.values_list("state", flat=True)) == {DirectoryEntry.State.LISTED}
    assert JournalEntry.objects.filter(act="directory.decided", actor=approver).count() == 4


def test_on_the_pages_by_two_people(places, unit, client_for, officer, approver):
    client = client_for(officer)
    page = reverse("registry:directory_propose_many") + "?year=2026"
    assert client.get(page).text.count(" checked") == 4
    ticked = [place.pk for place in places if place.unit == unit]
    client.post(page, {"place": ticked, "on": "2026-01-01", "ground": GROUND, "reason": "2025年度排放报告"})
    assert DirectoryEntry.objects.count() == 3
    page = reverse("registry:directory_approve_many")
    shown = client_for(approver).get(page)
    assert " checked" not in shown.text
    chosen = DirectoryEntry.objects.filter(sector="steel").values_list("pk", flat=True)
    confirm(client_for(approver), page, {"entry": list(chosen), "shown": shown.context["shown"]})
    assert DirectoryEntry.objects.filter(state=DirectoryEntry.State.LISTED).get().sector == "steel"
