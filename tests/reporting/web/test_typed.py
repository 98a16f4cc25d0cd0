"""What was typed into a form that somebody else's act refused comes back: in the form, or above the page where the form is gone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from registry.models import Session
from registry.web import kept_input
from reporting import review, verification
from reporting.models import FindingRow
from reporting.verification import Decision
from tests import worlds
from tests.cast import at
from tests.reporting import story

pytestmark = pytest.mark.pages

REASON = "台账缺 7 月 12 日一页"


@pytest.fixture
@worlds.world
def submission(unit, process, clerk):
    return story.submitted(unit, "2025-07", clerk)


@pytest.fixture
def given(report, verifier, officer):
    return verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))


def sends(browser, page: str, url: str, **fields: str):
    """A form of the page is sent; what the browser then shows."""
    return browser.post(url, fields, headers={"referer": f"http://testserver{page}"}, follow=True)


def page_of(submission) -> str:
    return reverse("reporting:package", args=[submission.package_id])


def send_back(submission) -> str:
    return reverse("reporting:submission_send_back", args=[submission.pk])


def reason_field(response) -> str:
    return response.context["reason_form"]["reason"].value()


def left(response) -> list[str]:
    return response.context["typed_left"]


def test_a_reason_stands_in_the_form_that_the_page_now_has(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer, "en")
    shown = sends(browser, page_of(submission), send_back(submission), reason=REASON)
    assert "Somebody else has dealt with this in the meantime" in shown.text
    assert reason_field(shown) == REASON  # in the form for reopening
    assert left(shown) == []
    again = browser.get(page_of(submission))  # Back, or a reload: still there
    assert reason_field(again) == REASON


def test_where_the_form_is_gone_the_text_stands_above_the_page(submission, officer, second_officer, client_for):
    review.send_back(submission, reason="不同", by=second_officer, at=story.READ_AT)
    browser = client_for(officer, "en")
    shown = sends(browser, page_of(submission), send_back(submission), reason=f"{REASON} <b>")
    assert shown.context["reason_form"] is None
    assert left(shown) == [f"{REASON} <b>"]
    assert f"{REASON} &lt;b&gt;</textarea>" in shown.text
    assert "What you had typed was not saved" in shown.text
    assert left(browser.get("/")) == []  # bound to its page


def test_a_browser_that_does_not_say_where_it_comes_from_lands_on_the_package(
    submission, officer, second_officer, client_for
):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer, "en")
    shown = browser.post(send_back(submission), {"reason": REASON}, follow=True)
    assert shown.redirect_chain == [(page_of(submission), 302)]
    assert "Somebody else has dealt with this in the meantime" in shown.text
    assert reason_field(shown) == REASON


def test_nobody_else_sees_it(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    sends(client_for(officer), page_of(submission), send_back(submission), reason=REASON)
    other = client_for(second_officer).get(page_of(submission))
    assert reason_field(other) is None
    assert left(other) == []


def test_the_same_browser_with_another_person_does_not_show_it(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    sends(browser, page_of(submission), send_back(submission), reason=REASON)
    session = browser.session
    for form in session[kept_input.KEY]:
        form["person"] = second_officer.pk
    session.save()
    assert reason_field(browser.get(page_of(submission))) is None


def test_it_is_gone_once_they_have_acted_from_the_page(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    sends(browser, page_of(submission), send_back(submission), reason=REASON)
    reopen = reverse("reporting:submission_reopen", args=[submission.pk])
    assert sends(browser, page_of(submission), reopen, reason="").status_code == 422  # no act: it stays
    assert reason_field(browser.get(page_of(submission))) == REASON
    sends(browser, page_of(submission), reopen, reason=REASON)
    assert browser.session[kept_input.KEY] == []


def test_a_switch_of_the_language_keeps_it(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    sends(browser, page_of(submission), send_back(submission), reason=REASON)
    sends(browser, page_of(submission), reverse("set_language"), language="en", next=page_of(submission))
    assert reason_field(browser.get(page_of(submission))) == REASON


def test_it_does_not_stay_for_ever(submission, officer, second_officer, client_for, monkeypatch):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-10-02 10:00"))
    sends(browser, page_of(submission), send_back(submission), reason=REASON)
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-10-02 12:00"))
    assert reason_field(browser.get(page_of(submission))) == REASON
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-10-02 12:01"))
    assert reason_field(browser.get(page_of(submission))) is None


def test_only_the_latest_forms_are_kept(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    session = browser.session
    old = {"person": officer.pk, "page": "/", "until": at("2999-01-01").isoformat(), "fields": {"reason": ["x"]}}
    session[kept_input.KEY] = [{**old, "url": f"/{number}/"} for number in range(kept_input.MOST_FORMS)]
    session.save()
    sends(browser, page_of(submission), send_back(submission), reason=REASON)
    urls = [form["url"] for form in browser.session[kept_input.KEY]]
    assert urls == [*(f"/{number}/" for number in range(1, kept_input.MOST_FORMS)), send_back(submission)]


def test_no_token_and_no_password_is_kept(submission, officer, second_officer, client_for):
    review.accept(submission, by=second_officer, at=story.READ_AT)
    browser = client_for(officer)
    secret = {"csrfmiddlewaretoken": "t", "new_password1": "p"}
    sends(browser, page_of(submission), send_back(submission), reason=REASON, **secret)
    assert browser.session[kept_input.KEY][0]["fields"] == {"reason": [REASON]}


WARNING = {"number": 900, "code": "ncv.repeated", "severity": "warning", "blocks": False, "sheet": "表"}
PARAMS = {"item": "烟煤", "found": "23.700", "months": "3"}


def warned(submission, cell: str = "D12") -> FindingRow:
    return FindingRow.objects.create(submission=submission, cell=cell, params=PARAMS, **WARNING)


def test_reasons_follow_their_warning_into_the_version_that_a_colleague_uploaded(unit, process, clerk, client_for):
    first = story.read(unit, "2025-07", clerk)
    mine, gone = warned(first), warned_elsewhere(first)
    second = story.read(unit, "2025-07", clerk, anode="8010")
    now = warned(second)
    answers = reverse("reporting:package_answers", args=[first.package_id])
    reasons = {f"answer-{mine.pk}": "同一批煤", f"answer-{gone.pk}": "已更换仪表", "answer-x": "?"}
    shown = sends(client_for(clerk, "en"), page_of(first), answers, **reasons)
    assert "A new version was read in the meantime" in shown.text
    assert shown.context["answers_form"][f"answer-{now.pk}"].value() == "同一批煤"
    assert left(shown) == ["已更换仪表"]  # its warning is gone
    assert not now.answers.exists()


def warned_elsewhere(submission) -> FindingRow:
    return FindingRow.objects.create(submission=submission, cell="D13", params=PARAMS, **{**WARNING, "number": 901})


def test_reasons_for_a_package_that_a_colleague_submitted(unit, process, clerk, client_for):
    submission = story.read(unit, "2025-07", clerk)
    finding = warned(submission)
    story.submit(submission, by=clerk, at=story.READ_AT)
    answers = reverse("reporting:package_answers", args=[submission.package_id])
    shown = sends(client_for(clerk, "en"), page_of(submission), answers, **{f"answer-{finding.pk}": "同一批煤"})
    assert "before it is submitted" in shown.text
    assert left(shown) == ["同一批煤"]


def table_of(given) -> dict[str, str]:
    """The verification's table as a browser sends it, nothing changed."""
    fields = {}
    for datum in given.report.data.order_by("pk"):
        fields |= {f"value-{datum.pk}": f"{datum.value:.2f}", f"reason-{datum.pk}": "", f"seen-{datum.pk}": "0"}
    return fields


def test_corrections_come_back_with_the_rows_that_a_colleague_settled(given, verifier, client_for, monkeypatch):
    first, second = given.report.data.order_by("pk")[:2]
    page = reverse("reporting:verification", args=[given.pk])
    fields = table_of(given) | {
        f"value-{first.pk}": "1.00",
        f"reason-{first.pk}": "称重单",
        f"value-{second.pk}": "2.00",
        f"reason-{second.pk}": "化验单",
    }

    def while_it_waits(found, decisions, **how):
        """A colleague saves between the form and the lock."""
        monkeypatch.undo()
        verification.settle_all(given, [Decision(first, first.value)], by=verifier, at=at("2026-04-11"))
        return verification.settle_all(found, decisions, **how)

    monkeypatch.setattr("reporting.web.views.verification.verification.settle_all", while_it_waits)
    shown = sends(client_for(verifier, "en"), page, reverse("reporting:verification_settle", args=[given.pk]), **fields)
    form = shown.context["form"]
    assert "Somebody else has dealt with this in the meantime" in shown.text
    assert [form[f"value-{first.pk}"].value(), form[f"reason-{second.pk}"].value()] == ["1.00", "化验单"]
    assert list(form.errors) == [
        f"value-{first.pk}"
    ]  # the row that they have not seen; sent again, it is theirs to decide
    assert given.data.count() == 1


@pytest.mark.parametrize("act", ["settle", "confirm_all"])
@pytest.mark.parametrize("typed_value", ["1.00", "十万"])
@pytest.mark.parametrize("button", ["", "recompute", "conclude"])
def test_corrections_to_a_verification_that_a_colleague_concluded(
    given, verifier, client_for, act, typed_value, button
):
    """Whatever else is wrong with the table as it was sent, and although nobody has seen what the colleague settled."""
    first = given.report.data.order_by("pk")[0]
    fields = table_of(given) | {f"value-{first.pk}": typed_value, f"reason-{first.pk}": "称重单", button: "1"}
    verification.confirm_all(given, by=verifier, at=at("2026-04-11"))
    verification.conclude(given, by=verifier, at=at("2026-04-11"))
    page = reverse("reporting:verification", args=[given.pk])
    shown = sends(client_for(verifier, "en"), page, reverse(f"reporting:verification_{act}", args=[given.pk]), **fields)
    assert "Somebody else has dealt with this in the meantime" in shown.text
    [text] = left(shown)
    assert text.startswith("P1 ")
    assert text.endswith(f": {typed_value} 称重单")


@pytest.mark.parametrize("act", ["settle", "confirm_all"])
def test_corrections_sent_after_the_session_ended(given, verifier, client_for, act):
    first = given.report.data.order_by("pk")[0]
    browser = client_for(verifier, "en")
    page = browser.get(reverse("reporting:verification", args=[given.pk]))
    Session.objects.all().delete()
    fields = table_of(given) | {f"value-{first.pk}": "1.00", f"reason-{first.pk}": "称重单"}
    lost = browser.post(reverse(f"reporting:verification_{act}", args=[given.pk]), fields)
    browser.force_login(verifier, "django.contrib.auth.backends.ModelBackend")
    shown = browser.get(parse_qs(urlsplit(lost["Location"]).query)["next"][0], follow=True)
    assert shown.redirect_chain[-1][0] == page.request["PATH_INFO"]
    assert "nothing was sent" in shown.text
    form = shown.context["form"]
    assert [form[f"{part}-{first.pk}"].value() for part in ("value", "reason")] == ["1.00", "称重单"]
    assert not given.data.exists()


def test_the_reason_of_an_approver(given, verifier, approver, make_person, client_for):
    verification.confirm_all(given, by=verifier, at=at("2026-04-11"))
    verification.conclude(given, by=verifier, at=at("2026-04-11"))
    verification.approve(given, by=approver, at=at("2026-04-12"))
    second = make_person("provincial_approver", "河北第二审批", authority=approver.authority)
    page = reverse("reporting:verification", args=[given.pk])
    shown = sends(client_for(second), page, reverse("reporting:verification_send_back", args=[given.pk]), reason=REASON)
    assert left(shown) == [REASON]
