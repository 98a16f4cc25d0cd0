"""The plan's pages: who has one, writing it without a script, remarks beside values, versions side by side."""

import datetime as dt
import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reporting.evidence import plan_certificates
from reporting.models import ControlPlan
from reporting.queries.todo import todos
from reporting.submissions import control_plans
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import plans, story
from tests.reporting.control_plan.test_control_plan import of
from tests.reporting.control_plan.test_planning import ANODE, WHEN, bring, changed, content, draft  # noqa: F401 (its fixtures)
from tests.reporting.queries.test_todo import titles

State = ControlPlan.State


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-06-10 09:00"))


def page_of(name: str, plan: ControlPlan) -> str:
    return reverse(f"reporting:control_plan{name}", args=[plan.pk])


def fields(page) -> dict[str, str]:
    """What a browser would send back of the page's form."""
    sent = {"revision": str(page.context["plan"].revision)}
    for section in page.context["sections"]:
        for block in section.blocks:
            for row in block.rows:
                sent |= {cell.input: cell.value for column in row.columns for cell in column}
    return sent


def test_the_clerk_begins_and_writes_a_plan(unit, process, clerk, client_for, officer):
    story.list_unit(unit, 2025, officer)
    client = client_for(clerk, "en")
    assert "There is no plan for 2025" in client.get(reverse("reporting:control_plans")).content.decode()
    client.post(reverse("reporting:control_plan_open", args=[unit.pk, story.ALUMINIUM, 2025]))
    plan = ControlPlan.objects.get()
    page = client.get(page_of("_edit", plan))
    assert page.context["fault_count"] > 0
    sent = fields(page) | {f"{ANODE}:number": "Ｍ１", f"{ANODE}:calibrated": "bald", "do": "prepare"}
    refused = client.post(page_of("_edit", plan), sent)
    assert refused.status_code == 422
    assert 'value="bald"' in refused.content.decode()  # what was typed is in the page and in the draft
    plan.refresh_from_db()
    assert plans.entry_of(plan.plan, ANODE).number == "M1"
    assert plan.state == State.DRAFT


def test_a_faultless_plan_goes_to_the_approver_and_to_the_province(draft, clerk, unit_approver, officer, client_for):  # noqa: F811
    client = client_for(clerk, "en")
    answer = client.post(page_of("_edit", draft), fields(client.get(page_of("_edit", draft))) | {"do": "prepare"})
    assert answer.status_code == 302
    assert "Submit to the province" not in client.get(page_of("", draft)).content.decode()
    approver = client_for(unit_approver, "en")
    assert "Submit to the province" in approver.get(page_of("", draft)).content.decode()
    confirm(approver, page_of("_submit", draft))
    reader = client_for(officer, "en")
    assert reader.get(page_of("", draft)).context["deciding"]
    reader.post(page_of("_accept", draft), {"version": "1"})
    draft.refresh_from_db()
    assert draft.state == State.ACCEPTED


def test_typing_is_not_lost_to_somebody_who_saved_first(draft, clerk, client_for):  # noqa: F811
    client = client_for(clerk, "en")
    sent = fields(client.get(page_of("_edit", draft)))
    control_plans.save(draft, draft.plan, revision=draft.revision, by=clerk)
    answer = client.post(page_of("_edit", draft), sent | {f"{ANODE}:source": "新台账"})
    assert answer.status_code == 422
    assert "Somebody else" in answer.content.decode()
    assert "新台账" in answer.content.decode()


def test_one_fuel_gets_rows_of_its_own_and_loses_them(make_unit, make_line, make_person, client_for):
    works = make_unit("steel")
    make_line(works, "steel", "W1")
    clerk = make_person("unit_clerk", "经办", unit=works)
    plan = control_plans.open_plan(works, "steel", 2025, by=clerk)
    client = client_for(clerk, "en")
    key = "fuel.solid//anthracite/ncv"
    sent = fields(client.get(page_of("_edit", plan))) | {"do": "add:fuel.solid/", "single:fuel.solid/": "anthracite"}
    assert client.post(page_of("_edit", plan), sent).status_code == 302
    page = client.get(page_of("_edit", plan))
    assert f"{key}:how" in fields(page)
    client.post(page_of("_edit", plan), fields(page) | {"do": f"drop:{key}"})
    assert f"{key}:how" not in fields(client.get(page_of("_edit", plan)))


def test_remarks_stand_beside_their_values(bring, clerk, officer, client_for):  # noqa: F811
    plan = bring(State.SUBMITTED)
    answer = client_for(officer, "en").post(
        page_of("_send_back", plan), {"version": "1", f"remark:{ANODE}": "缺检定证书", "reason": ""}
    )
    assert answer.status_code == 302
    for page in (page_of("", plan), page_of("_edit", plan)):
        shown = client_for(clerk, "en").get(page).text
        assert shown.count("缺检定证书") == 2, page  # beside its value, and in the list to jump from
        assert f'href="#p-{ANODE}"' in shown, page
        assert f'id="p-{ANODE}"' in shown, page


def test_a_null_character_in_a_reason_is_left_out(draft, bring, clerk, officer, client_for):  # noqa: F811
    """PostgreSQL keeps none."""
    client = client_for(clerk)
    client.post(page_of("_edit", draft), fields(client.get(page_of("_edit", draft))) | {"reason": "新\x00表"})
    draft.refresh_from_db()
    assert draft.reason == "新表"
    plan = bring(State.SUBMITTED)
    client_for(officer).post(page_of("_send_back", plan), {"version": "1", "reason": "缺\x00表"})
    assert plan.versions.get().decision.reason == "缺表"


def test_a_version_that_was_not_seen_is_not_decided_on(bring, officer, client_for):  # noqa: F811
    plan = bring(State.SUBMITTED)
    for number in ("", "2", "x"):
        client_for(officer, "en").post(page_of("_accept", plan), {"version": number})
    plan.refresh_from_db()
    assert plan.state == State.SUBMITTED


def test_a_draft_is_the_units_own(draft, unit, officer, clerk, client_for):  # noqa: F811
    story.list_unit(unit, 2025, officer)
    assert client_for(officer, "en").get(page_of("", draft)).context["sections"] == []
    assert client_for(clerk, "en").get(page_of("", draft)).context["sections"]
    page = client_for(officer, "en").get(reverse("reporting:control_plans"))
    assert [row.standing for row in page.context["table"].data] == ["none"]


def test_versions_side_by_side(bring, clerk, unit_approver, officer, client_for):  # noqa: F811

    plan = bring(State.ACCEPTED)
    changed(plan, "2025-09-16", "M2", clerk, unit_approver, officer, "2025-10-08 09:00")
    rows = client_for(officer, "en").get(page_of("_compare", plan)).context["rows"]
    assert [(what, old, new) for _name, what, old, new in rows] == [("Meter's number", "M1", "M2")]


def test_a_draft_is_compared_with_the_version_in_force_by_its_unit_alone(bring, clerk, officer, client_for):  # noqa: F811
    plan = bring(State.ACCEPTED)
    control_plans.revise(plan, valid_from=dt.date(2025, 9, 1), reason="换表", by=clerk, at=WHEN)
    plan.refresh_from_db()
    control_plans.save(plan, of(plan.plan, ANODE, number="M2"), revision=plan.revision, by=clerk, reason="换表")
    mine = client_for(clerk, "en")
    for page in (page_of("", plan), page_of("_edit", plan)):
        assert page_of("_compare", plan) in mine.get(page).text
    shown = mine.get(page_of("_compare", plan))
    assert [row[1:] for row in shown.context["rows"]] == [("Meter's number", "M1", "M2")]
    assert "Draft, to be valid from" in shown.text
    others = client_for(officer, "en")
    assert page_of("_compare", plan) not in others.get(page_of("", plan)).text
    assert others.get(f"{page_of('_compare', plan)}?a=1&b=draft").context["rows"] == []


def test_the_province_sees_a_plan_sent_back_until_the_next_is_handed_in(bring, unit, clerk, officer, client_for):  # noqa: F811
    """What the unit writes meanwhile, and that it is ready, is the unit's own; its approver sees what was asked for."""
    story.list_unit(unit, 2025, officer)
    plan = bring(State.RETURNED)
    reader = client_for(officer, "en")
    before = reader.get(page_of("", plan)).text
    assert "Sent back by the province" in before
    control_plans.prepare(plan, by=clerk, at=WHEN)
    after = reader.get(page_of("", plan))
    assert (after.context["shown_state"], "Sent back by the province" in after.text) == (State.RETURNED, True)
    own = client_for(clerk, "en")
    assert "缺证书" in own.get(page_of("", plan)).text
    assert "ready for the unit&#x27;s approver" in own.get(reverse("reporting:control_plans")).text
    assert "ready for the unit" not in reader.get(reverse("reporting:control_plans"), {"year": "2025"}).text


def test_a_change_being_written_leaves_the_plan_accepted_for_the_province(bring, clerk, officer, client_for):  # noqa: F811
    plan = bring(State.ACCEPTED)
    control_plans.revise(plan, valid_from=dt.date(2025, 9, 1), reason="换表", by=clerk, at=WHEN)
    assert client_for(officer, "en").get(page_of("", plan)).context["shown_state"] == State.ACCEPTED


def test_a_change_begins_on_a_day_of_the_year(bring, clerk, client_for):  # noqa: F811
    plan, client = bring(State.ACCEPTED), client_for(clerk, "en")
    refused = client.post(page_of("_revise", plan), {"valid_from": "2026-01-01", "reason": "换表"})
    assert refused.status_code == 422
    assert "换表" in refused.content.decode()
    assert client.post(page_of("_revise", plan), {"valid_from": "2025-09-01", "reason": "换表"}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


def test_the_coverage_asks_few_questions(unit, rival_unit, planned, officer, client_for, django_assert_max_num_queries):
    for each in (unit, rival_unit):
        story.list_unit(each, 2025, officer)
    client = client_for(officer, "en")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("reporting:control_plans"))
    assert {row.standing for row in page.context["table"].data} == {"accepted", "none"}
    asked = client.get(reverse("reporting:control_plans"), {"standing": "none", "year": "2025"})
    assert [row.unit for row in asked.context["table"].data] == [rival_unit]


@pytest.mark.parametrize(
    ("state", "who", "title"),
    [
        (State.RETURNED, "clerk", "Control plans sent back: correct"),
        (State.PREPARED, "unit_approver", "Control plans to submit"),
        (State.SUBMITTED, "officer", "Control plans to accept or send back"),
    ],
)
def test_it_is_on_the_list_of_whoever_has_it(bring, request, state, who, title):  # noqa: F811

    bring(state)
    found = titles(request.getfixturevalue(who), "2025-06-10 09:00")
    assert title in found
    if state == State.SUBMITTED:
        assert found[title].due.isoformat() == "2025-06-30"


def test_the_years_plan_is_on_the_clerks_list_in_time(unit, process, clerk, officer):
    story.list_unit(unit, 2025, officer)
    assert "Control plans to submit" not in titles(clerk, "2025-03-31 09:00")
    entry = titles(clerk, "2025-04-01 09:00")["Control plans to submit"]  # 90 days before 30 June
    assert (entry.count, entry.due.isoformat()) == (1, "2025-06-30")


@pytest.fixture
def change_sent_back(bring, unit, officer, clerk, unit_approver):  # noqa: F811
    """Version 1 is accepted, its change prepared, submitted and sent back."""
    story.list_unit(unit, 2025, officer)
    plan = bring(State.ACCEPTED)
    control_plans.revise(plan, valid_from=dt.date(2025, 9, 16), reason="换表", by=clerk, at=at("2025-10-08"))
    control_plans.prepare(plan, by=clerk, at=at("2025-10-08"))
    version = control_plans.submit(plan, by=unit_approver, at=at("2025-10-08"))
    control_plans.send_back(version, reason="缺编号", remarks={}, by=officer, at=at("2025-10-09"))
    return plan


@pytest.mark.parametrize("name", ["clerk", "officer"])
def test_a_plan_whose_change_was_sent_back_is_not_listed_as_accepted_alone(change_sent_back, request, client_for, name):
    client = client_for(request.getfixturevalue(name), "en")
    page = client.get(reverse("reporting:control_plans"), {"year": "2025"})
    assert "version 1 in force" in page.text
    assert "version 2 sent back" in page.text
    listed = client.get(reverse("reporting:control_plans"), {"year": "2025", "standing": "accepted"})
    assert [*listed.context["table"].data] == []


def test_a_change_is_not_late_by_the_term_of_the_first_version(bring, clerk, unit_approver):  # noqa: F811

    plan = bring(State.ACCEPTED)
    control_plans.revise(plan, valid_from=dt.date(2025, 9, 16), reason="换表", by=clerk, at=at("2025-10-08"))
    control_plans.prepare(plan, by=clerk, at=at("2025-10-08"))
    (found,) = [todo for todo in todos(unit_approver, at("2025-10-09")) if "方案" in todo.title]
    assert (found.due, found.tone) == (None, "info")


def test_remarks_are_not_lost_when_accepting(bring, officer, client_for):  # noqa: F811
    plan = bring(State.SUBMITTED)
    key = next(iter(plan.versions.get().stated.entries)).key
    answer = client_for(officer, "en").post(page_of("_accept", plan), {"version": "1", f"remark:{key}": "请补证书编号"})
    assert answer.status_code == 422
    assert "请补证书编号" in answer.text
    plan.refresh_from_db()
    assert plan.state == State.SUBMITTED
    client_for(officer).post(page_of("_accept", plan), {"version": "1", f"remark:{key}": " ", "reason": ""})
    plan.refresh_from_db()
    assert plan.state == State.ACCEPTED


@pytest.fixture
def returned(bring, officer):  # noqa: F811
    """A plan sent back because the certificate of a meter is missing."""
    plan = bring(State.SUBMITTED)
    version = plan.versions.get()
    control_plans.send_back(version, reason="缺证书", remarks={ANODE: "请填写检定证书编号"}, by=officer, at=WHEN)
    plan.refresh_from_db()
    return plan


def written(client, plan: ControlPlan, **more: Any):
    return client.post(page_of("_edit", plan), fields(client.get(page_of("_edit", plan))) | more)


def test_a_certificate_has_a_number_and_a_file(returned, clerk, officer, unit_approver, client_for):
    """What the remark asks for can be typed and uploaded beside it; officers read it, and versions show the change."""
    client = client_for(clerk, "en")
    file = SimpleUploadedFile("检定证书.pdf", plans.PAPER, "application/pdf")
    more = {f"{ANODE}:certificate": "JZ-2025-001", f"{ANODE}:certificate_file": file}
    assert written(client, returned, **more, do="save").status_code == 302
    returned.refresh_from_db()
    entry = plans.entry_of(returned.plan, ANODE)
    assert (entry.certificate, entry.certificate_file) == ("JZ-2025-001", f"{plans.CERTIFICATE} 检定证书.pdf")
    address = reverse("reporting:control_plan_certificate", args=[returned.pk, plans.CERTIFICATE])
    assert address in client.get(page_of("_edit", returned)).text
    # Of a draft an officer learns nothing.
    assert client_for(officer).get(address).status_code == 404
    assert written(client, returned, do="prepare").status_code == 302
    confirm(client_for(unit_approver), page_of("_submit", returned))
    shown = client_for(officer, "en").get(page_of("", returned)).text
    assert "JZ-2025-001" in shown
    assert address in shown
    handed_out = client_for(officer).get(address)
    assert handed_out.content == plans.PAPER
    assert handed_out["Content-Disposition"].startswith("attachment")
    assert "检定证书.pdf" in client_for(officer).get(f"{page_of('_compare', returned)}?a=1&b=2").text
    assert plans.CERTIFICATE in set(plan_certificates.digests())


def test_a_file_stays_until_it_is_taken_out(returned, clerk, client_for):
    client = client_for(clerk, "en")
    written(client, returned, **{f"{ANODE}:certificate_file": SimpleUploadedFile("a.pdf", plans.PAPER)}, do="save")
    written(client, returned, do="save")
    returned.refresh_from_db()
    assert plans.entry_of(returned.plan, ANODE).certificate_file.startswith(plans.CERTIFICATE)
    written(client, returned, do=f"unfile:{ANODE}")
    returned.refresh_from_db()
    assert plans.entry_of(returned.plan, ANODE).certificate_file == ""


def test_nobody_names_a_file_that_did_not_come_in(returned, clerk, client_for):
    """A digest that is typed names nothing: else the original of any other unit could be fetched by it."""
    written(client_for(clerk), returned, **{f"{ANODE}:certificate_file": f"{'0' * 64} a.pdf"}, do="save")
    returned.refresh_from_db()
    assert plans.entry_of(returned.plan, ANODE).certificate_file == ""


def test_an_unfit_file_is_refused_and_what_was_typed_stays(returned, clerk, client_for):
    file = SimpleUploadedFile("证书.pdf", b"<html>")
    answer = written(
        client_for(clerk, "en"),
        returned,
        **{f"{ANODE}:certificate": "JZ-9", f"{ANODE}:certificate_file": file},
        do="save",
    )
    assert answer.status_code == 422
    assert "can't be accepted" in html.unescape(answer.text)
    assert "JZ-9" in answer.text


def test_a_change_names_the_months_that_were_read_against_the_version_before(
    bring,  # noqa: F811
    unit,
    clerk,
    unit_approver,
    officer,
    client_for,
):
    plan = bring(State.ACCEPTED)
    for period in ("2025-02", "2025-03"):
        story.submitted(unit, period, clerk, at("2025-06-05"))
    control_plans.revise(plan, valid_from=dt.date(2025, 3, 15), reason="换表", by=clerk, at=WHEN)
    plan.refresh_from_db()
    control_plans.prepare(plan, by=clerk, at=WHEN)
    page = client_for(unit_approver, "en").post(page_of("_submit", plan))
    (warned,) = page.context["act"].warnings
    assert "2025-03-15" in warned
    assert "2025-03." in warned
    assert "2025-02" not in warned
    control_plans.submit(plan, by=unit_approver, at=WHEN)
    assert "read against the version before" in client_for(officer, "en").get(page_of("", plan)).text
