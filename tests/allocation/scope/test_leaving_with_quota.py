"""A unit that leaves the directory within a year of which quota was determined, issued and noticed: nobody does it unseeing, and somebody
follows it up. 甲 has 1,000,000 t verified and 991,176 t of quota for 2025."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from allocation.models import Run
from allocation.queries import todo
from registry import directory
from registry.directory import standing
from registry.models import DirectoryEntry
from registry.refusal import Refusal
from tests.allocation.conftest import approve
from tests.cast import at
from tests.confirming import confirm

NOW, LATER = at("2026-11-16"), at("2026-11-20")
ON = dt.date(2025, 6, 30)
RESTRUCTURED = DirectoryEntry.ExitGround.RESTRUCTURED
TITLE = "Units that left the directory after their quota was determined: re-determine or settle"
FIGURES = [
    "991,176 t, approved",
    "1,000,000 t due",
    "Issued so far: 991,176 t",
    "Verified emissions in 2025: 1,000,000 t",
]


@pytest.fixture
def entry(noticed, unit):
    return unit.directory_entries.get(year=2025)


def seal(entry):
    return standing.seal(standing.figures(entry, NOW))


def propose(entry, officer, seen):
    return directory.propose_exit(entry, on=ON, ground=RESTRUCTURED, reason="并入", by=officer, at=NOW, seen=seen)


@pytest.fixture
def left(entry, officer, approver):
    leaving = propose(entry, officer, seal(entry))
    return directory.decide(leaving, approve=True, by=approver, at=NOW, seen=seal(entry))


def waiting(person, when=LATER):
    with translation.override("en"):
        return {each.title: each for each in todo.todos(person, when)}


def test_whoever_proposes_and_whoever_approves_must_have_seen_what_rests_on_it(entry, officer, approver, in_english):
    for seen in ("", "0" * 64):
        with pytest.raises(Refusal) as refused:
            propose(entry, officer, seen)
        assert all(figure in str(refused.value) for figure in FIGURES), str(refused.value)
    leaving = propose(entry, officer, seal(entry))
    with pytest.raises(Refusal, match="991,176 t"):
        directory.decide(leaving, approve=True, by=approver, at=NOW)
    leaving.refresh_from_db()
    assert leaving.state == "exit_proposed"
    assert directory.decide(leaving, approve=True, by=approver, at=NOW, seen=seal(entry)).state == "left"


def test_refusing_needs_no_tick(entry, officer, approver):
    leaving = propose(entry, officer, seal(entry))
    assert directory.decide(leaving, approve=False, reason="否", by=approver, at=NOW).state == "listed"


def test_a_year_on_which_nothing_rests_needs_no_tick(unit, list_in_directory, officer):
    list_in_directory(unit, 2026)
    entry = unit.directory_entries.get(year=2026)
    assert standing.figures(entry, NOW) == []
    on = dt.date(2026, 12, 1)
    entry = directory.propose_exit(entry, on=on, ground=RESTRUCTURED, reason="并入", by=officer, at=NOW)
    assert entry.state == "exit_proposed"


def test_the_pages_show_the_figures_and_take_the_tick(entry, officer, approver, client_for, monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)
    page, browser = reverse("registry:directory_entry", args=[entry.pk]), client_for(officer, "en")
    shown = browser.get(page)
    assert "I have seen these figures." in shown.text
    assert "991,176 t" in shown.text
    said = {"on": "2025-06-30", "ground": "restructured", "reason": "并入"}
    leave, decide = (reverse(f"registry:directory_{act}", args=[entry.pk]) for act in ("exit", "decide"))
    refused = browser.post(leave, said, follow=True)
    assert "Tick that you have seen these figures" in refused.text
    assert refused.context["exit"]["reason"].value() == "并入"
    browser.post(leave, {**said, "seen": shown.context["seal"]})
    second = client_for(approver, "en")
    shown = second.get(page)
    assert "991,176 t" in shown.text
    assert "Tick that you" in second.post(decide, {"decision": "approve"}, follow=True).text
    confirm(second, decide, {"decision": "approve", "seen": shown.context["seal"]})
    entry.refresh_from_db()
    assert entry.state == "left"


def test_the_figures_are_not_for_rivals(entry, rival_clerk, stranger_officer, client_for):
    for person in (rival_clerk, stranger_officer):
        page = client_for(person, "en").get(reverse("registry:directory_entry", args=[entry.pk])).text
        assert "991,176" not in page


def test_an_officer_follows_up_who_left_with_quota(left, officer, stranger_officer, client_for, determined_again, unit):
    assert waiting(officer)[TITLE].url == reverse("registry:directory_entry", args=[left.pk])
    assert waiting(officer)[TITLE].tone == "danger"
    assert TITLE not in waiting(stranger_officer)
    scope = f"{reverse('allocation:scope')}?kind=determination&year=2025&sector=steel"
    run_scope = reverse("allocation:run_scope", args=[Run.objects.get(state="approved").pk])
    pages = [reverse("registry:unit", args=[unit.pk]), reverse("registry:directory_entry", args=[left.pk])]
    for page in (*pages, scope, run_scope):
        assert "Left the directory with quota outstanding" in client_for(officer, "en").get(page).text, page
    determined_again(LATER, Run.Ground.SCOPE, "并入")
    assert TITLE not in waiting(officer, at("2026-11-21"))


def test_who_left_before_the_quota_was_determined_is_nobodys_to_do(steel, publish, prepared, officer, approver, unit):
    publish()
    entry = unit.directory_entries.get(year=2025)
    early = at("2026-07-20")
    known = standing.seal(standing.figures(entry, early))
    leaving = directory.propose_exit(entry, on=ON, ground=RESTRUCTURED, reason="并入", by=officer, at=early, seen=known)
    directory.decide(leaving, approve=True, by=approver, at=early, seen=known)
    approve(prepared(), approver)
    assert TITLE not in waiting(officer)
