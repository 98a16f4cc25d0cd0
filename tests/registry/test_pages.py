"""The registry's pages in both languages, and what their buttons do."""

import pytest
from django.urls import reverse

from registry.models import DirectoryEntry, Job
from tests.cast import at
from tests.confirming import confirm

LANGUAGES = ["zh-hans", "en"]


@pytest.fixture
def entry(unit, officer, db):
    return DirectoryEntry.objects.create(
        year=2026,
        sector="steel",
        unit=unit,
        entered_on="2025-10-31",
        entry_ground=DirectoryEntry.EntryGround.OVER_THRESHOLD,
        entry_reason="41,200 t",
        proposed_by=officer,
        proposed_at=at("2025-10-20"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["units", "directory", "directory_propose", "journal", "jobs"])
def test_lists_open(name, language, client_for, officer, unit, entry):
    response = client_for(officer, language).get(reverse(f"registry:{name}"))
    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_objects_open(language, client_for, officer, unit, entry, make_line):
    make_line(unit)
    client = client_for(officer, language)
    assert unit.credit_code in client.get(reverse("registry:unit", args=[unit.pk])).content.decode()
    assert "41,200 t" in client.get(reverse("registry:directory_entry", args=[entry.pk])).content.decode()


def test_a_proposal_shows_to_its_province_and_to_nobody_else_until_it_is_listed(
    client_for, entry, officer, approver, clerk, stranger_officer, auditor
):
    url = reverse("registry:directory_entry", args=[entry.pk])
    people = (officer, approver, clerk, stranger_officer, auditor)
    seen = {person.username: client_for(person).get(url).status_code for person in people}
    assert seen == {"officer": 200, "approver": 200, "clerk": 404, "stranger-officer": 404, "auditor": 200}


def test_propose_and_approve_in_the_browser(client_for, officer, approver, unit):
    form = {
        "unit": unit.pk,
        "year": 2026,
        "sector": "cement",
        "on": "2025-10-31",
        "ground": "expected",
        "reason": "new kiln",
    }
    assert client_for(officer).post(reverse("registry:directory_propose"), form).status_code == 302
    made = DirectoryEntry.objects.get()
    url = reverse("registry:directory_decide", args=[made.pk])
    assert client_for(officer).post(url, {"decision": "approve"}).status_code == 403
    assert confirm(client_for(approver), url, {"decision": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.state == DirectoryEntry.State.LISTED


def test_refusing_without_a_reason_is_explained_on_the_page_one_came_from(client_for, approver, entry):
    page = reverse("registry:directory_entry", args=[entry.pk])
    response = client_for(approver, "en").post(
        reverse("registry:directory_decide", args=[entry.pk]),
        {"decision": "refuse"},
        follow=True,
        headers={"referer": f"http://testserver{page}"},
    )
    assert response.redirect_chain[-1][0] == page
    assert "A reason is required" in response.content.decode()


def test_another_provinces_unit_cannot_be_proposed(client_for, officer, far_unit):
    form = {
        "unit": far_unit.pk,
        "year": 2026,
        "sector": "steel",
        "on": "2025-10-31",
        "ground": "expected",
        "reason": "x",
    }
    assert client_for(officer).post(reverse("registry:directory_propose"), form).status_code == 422
    assert not DirectoryEntry.objects.exists()


def test_a_job_s_progress_reloads_the_page_when_it_is_over(client_for, officer):
    job = Job.objects.create(kind="x", key="x", asked_by=officer, asked_at=at("2026-01-01"))
    url = reverse("registry:job_progress", args=[job.pk])
    assert "HX-Refresh" not in client_for(officer).get(url).headers
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    assert client_for(officer).get(url).headers["HX-Refresh"] == "true"
    assert client_for(officer).get(reverse("registry:job", args=[job.pk])).status_code == 200


def test_lists_cost_the_same_number_of_queries_however_long_they_are(
    client_for, officer, make_unit, django_assert_max_num_queries
):
    for _number in range(30):
        make_unit("steel", "cement")
    client = client_for(officer)
    # Session, person, seat, badge; authorities to choose, counts of the selection and of all, units, sectors;
    # rows by authority and by sector; kept views.
    with django_assert_max_num_queries(12):
        client.get(reverse("registry:units"))
