"""The officer's desk: reasons at single data, refused answers, questions that stop the clock."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from registry import files
from registry.law.calendar import LatestDay
from registry.models import JournalEntry
from registry.refusal import Refusal
from reporting import evidence, review
from reporting.content import Content, places
from reporting.content.places import Spot
from reporting.models import FindingAnswer, FindingRow, Package, Question, RefusedAnswer, Remark, Reply, ReplyFile
from reporting.periods.review_term import term
from reporting.review import Noted, Refused, questions
from reporting.review import queue as desk
from tests import worlds
from tests.cast import at
from tests.reporting import story

WHEN = story.READ_AT


@pytest.fixture
@worlds.world
def submission(unit, process, clerk):
    return story.submitted(unit, "2025-07", clerk)


def spot(submission, name: str) -> Spot:
    content = Content.from_json(submission.stored_content())
    return next(each for each in places.spots(content).values() if each.name == name)


def whole_row(submission) -> Spot:
    return places.spots(Content.from_json(submission.stored_content()))["0."]


def answered_warning(submission, clerk, number=900) -> FindingAnswer:
    finding = FindingRow.objects.create(
        submission=submission, number=number, code="ncv.repeated", severity="warning", blocks=False,
        params={"item": "烟煤", "found": "23.700", "months": "3"},
    )  # fmt: skip
    return FindingAnswer.objects.create(finding=finding, reason="同一批煤", by=clerk, at=WHEN)


def test_the_search_box_of_a_month_under_review_is_empty(submission, officer, client_for):
    page = client_for(officer).get(reverse("reporting:package", args=[submission.package_id])).text
    assert 'name="q" value=""' in page


# --- sending back with reasons at data


def test_reasons_stand_at_their_data(submission, officer):
    notes = [Noted(spot(submission, "closing"), "期末库存与盘点表不符"), Noted(whole_row(submission), "缺购入发票")]
    review.send_back(submission, reason="请更正", notes=notes, by=officer, at=WHEN)
    closing, row = Remark.objects.order_by("pk")
    assert (closing.table, closing.item, closing.name, closing.value) == ("fuel", "anode", "closing", "500.00")
    assert closing.cell  # where the clerk finds it
    assert (row.name, row.reason) == ("", "缺购入发票")
    facts = JournalEntry.objects.get(act="package.returned").facts
    assert '"data":2' in facts
    assert "盘点表" not in facts  # the journal holds its digest


@pytest.mark.parametrize("reasons", [("", "x"), ("x", " ")])
def test_every_reason_is_written(submission, officer, reasons):
    whole, at_datum = reasons
    with pytest.raises(Refusal):
        review.send_back(
            submission, reason=whole, notes=[Noted(spot(submission, "closing"), at_datum)], by=officer, at=WHEN
        )
    assert not Remark.objects.exists()
    assert Package.objects.get().state == "submitted"


def test_the_next_version_is_held_against_what_was_asked(submission, unit, clerk, officer):
    notes = [Noted(spot(submission, "purchased"), "与发票不符"), Noted(spot(submission, "closing"), "与盘点表不符")]
    review.send_back(
        submission, reason="请更正", notes=[*notes, Noted(whole_row(submission), "x")], by=officer, at=WHEN
    )
    again = story.submitted(unit, "2025-07", clerk, anode="8010")
    bought, closing, row = desk.checklist(again)
    assert (bought.remark.value, bought.now, bought.changed) == ("8,000.00", "8,010.00", True)
    assert (closing.remark.value, closing.now, closing.changed) == ("500.00", "500.00", False)
    assert (row.is_row, row.changed) == (True, False)
    assert desk.checklist(submission) == []  # the version that was sent back was asked for nothing


def test_a_datum_that_is_gone_says_so(submission, unit, clerk, officer, monkeypatch):
    note = Noted(Spot("9.x", ("fuel", "", "", "coke", ""), "closing", value="1"), "x")
    review.send_back(submission, reason="请更正", notes=[note], by=officer, at=WHEN)
    again = story.submitted(unit, "2025-07", clerk, anode="8010")
    assert [(asked.now, asked.changed) for asked in desk.checklist(again)] == [("—", True)]


def test_an_answer_is_refused_with_a_reason(submission, clerk, officer):
    answer = answered_warning(submission, clerk)
    review.send_back(submission, reason="请更正", refused=[Refused(answer, "批次不同")], by=officer, at=WHEN)
    assert answer.refusal.reason == "批次不同"


def test_only_the_answer_that_counts_is_refused(submission, clerk, officer, unit):
    first = answered_warning(submission, clerk)
    FindingAnswer.objects.create(finding=first.finding, reason="又一说", by=clerk, at=WHEN)
    with pytest.raises(Refusal):
        review.send_back(submission, reason="x", refused=[Refused(first, "y")], by=officer, at=WHEN)
    other = answered_warning(story.submitted(unit, "2025-08", clerk), clerk)
    with pytest.raises(Refusal):
        review.send_back(submission, reason="x", refused=[Refused(other, "y")], by=officer, at=WHEN)
    assert not RefusedAnswer.objects.exists()


def test_reasons_given_by_page(submission, clerk, officer, client_for, django_assert_max_num_queries):
    answer = answered_warning(submission, clerk)
    url = reverse("reporting:submission_send_back_data", args=[submission.pk])
    browser = client_for(officer)
    with django_assert_max_num_queries(30):
        assert "预焙阳极" in browser.get(url).text or "炭阳极" in browser.get(url).text
    number = spot(submission, "closing").number
    wrong = browser.post(url, {f"at-{number}": "与盘点表不符"})  # no reason for the whole
    assert wrong.status_code == 422
    assert "与盘点表不符" in wrong.text  # what was typed stays
    said = {"reason": "请更正", f"at-{number}": "与盘点表不符", f"refuse-{answer.finding_id}": "批次不同"}
    page = browser.post(url, said, follow=True)
    assert "与盘点表不符" not in page.text or Remark.objects.count() == 1
    clerks = client_for(clerk).get(reverse("reporting:package", args=[submission.package_id])).text
    assert "与盘点表不符" in clerks
    assert "批次不同" in clerks


def test_a_forged_number_marks_nothing(submission, officer, client_for):
    url = reverse("reporting:submission_send_back_data", args=[submission.pk])
    client_for(officer).post(url, {"reason": "x", "at-99.closing": "y", "at-0.nothing": "z", "refuse-1": "w"})
    assert Package.objects.get().state == "returned"
    assert not Remark.objects.exists()


@pytest.mark.parametrize("model", [Remark, RefusedAnswer, Question, Reply])
def test_what_was_said_stays(submission, clerk, officer, model):
    reply_to = questions.ask(submission, text="?", by=officer, at=WHEN)
    questions.reply(reply_to, text="!", by=clerk, at=WHEN)
    review.send_back(
        submission, reason="x", notes=[Noted(spot(submission, "closing"), "y")],
        refused=[Refused(answered_warning(submission, clerk), "z")], by=officer, at=WHEN,
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(id=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)


# --- questions


def test_a_question_and_its_answer(submission, clerk, officer):
    asked = questions.ask(submission, text=" 为何？ ", spot=spot(submission, "closing"), by=officer, at=WHEN)
    assert (asked.text, asked.name, asked.value) == ("为何？", "closing", "500.00")
    assert list(questions.open_questions()) == [asked]
    questions.reply(asked, text="因检修。", by=clerk, at=WHEN)
    assert not questions.open_questions().exists()
    assert {"package.question_asked", "package.question_answered"} <= set(
        JournalEntry.objects.values_list("act", flat=True)
    )


def test_the_same_question_is_not_asked_twice_at_once(submission, clerk, officer):
    place = spot(submission, "closing")
    asked = questions.ask(submission, text="为何？", spot=place, by=officer, at=WHEN)
    with pytest.raises(Refusal):
        questions.ask(submission, text="为何？ ", spot=place, by=officer, at=WHEN)
    questions.ask(submission, text="为何？", by=officer, at=WHEN)  # of the package as a whole
    questions.reply(asked, text="因检修。", by=clerk, at=WHEN)
    questions.ask(submission, text="为何？", spot=place, by=officer, at=WHEN)  # the answer was none
    assert Question.objects.count() == 3


def test_a_question_is_answered_once(submission, clerk, officer):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    questions.reply(asked, text="!", by=clerk, at=WHEN)
    with pytest.raises(Refusal):
        questions.reply(asked, text="!!", by=clerk, at=WHEN)
    assert Reply.objects.get().text == "!"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_question_and_no_answer(submission, clerk, officer, text):
    with pytest.raises(Refusal):
        questions.ask(submission, text=text, by=officer, at=WHEN)
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        questions.reply(asked, text=text, by=clerk, at=WHEN)


def test_nothing_is_accepted_while_a_question_is_open(submission, clerk, officer, second_officer):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        review.accept(submission, by=second_officer, at=WHEN)
    questions.reply(asked, text="!", by=clerk, at=WHEN)
    review.accept(submission, by=second_officer, at=WHEN)
    assert Package.objects.get().state == "accepted"


def test_sending_back_ends_an_open_question(submission, clerk, officer):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    review.send_back(submission, reason="x", by=officer, at=WHEN)
    assert not questions.open_questions().exists()
    with pytest.raises(Refusal):
        questions.reply(asked, text="!", by=clerk, at=WHEN)
    with pytest.raises(Refusal):
        questions.ask(submission, text="?", by=officer, at=WHEN)


def test_a_question_of_an_earlier_round_is_not_open_in_the_next(submission, unit, clerk, officer):
    questions.ask(submission, text="?", by=officer, at=WHEN)
    review.send_back(submission, reason="x", by=officer, at=WHEN)
    again = story.submitted(unit, "2025-07", clerk, anode="8010")
    assert not questions.open_questions().exists()
    review.accept(again, by=officer, at=WHEN)


def test_asked_and_answered_by_page(submission, clerk, rival_clerk, officer, client_for):
    page = reverse("reporting:package", args=[submission.package_id])
    number = spot(submission, "closing").number
    client_for(officer).post(
        reverse("reporting:question_ask", args=[submission.pk]), {"text": "为何减少？", "spot_number": number}
    )
    asked = Question.objects.get()
    assert asked.name == "closing"
    url = reverse("reporting:question_reply", args=[asked.pk])
    assert url in client_for(clerk).get(page).text
    assert url not in client_for(officer).get(page).text
    assert client_for(rival_clerk).post(url, {"text": "!"}).status_code == 404
    assert client_for(officer).post(url, {"text": "!"}).status_code == 403
    client_for(clerk).post(url, {"text": "因检修停产。"})
    assert "因检修停产。" in client_for(officer).get(page).text


def test_an_empty_question_or_answer_by_page_writes_nothing(submission, clerk, officer, client_for):
    client_for(officer).post(reverse("reporting:question_ask", args=[submission.pk]), {"text": ""})
    assert not Question.objects.exists()
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    client_for(clerk).post(reverse("reporting:question_reply", args=[asked.pk]), {"text": " "})
    assert not Reply.objects.exists()


# --- a file that comes with an answer


def paper(text: str = "a", name: str = "盘点表.pdf") -> ContentFile:
    return ContentFile(f"%PDF-1.7\n{text}\nstartxref\n0\n%%EOF\n".encode(), name)


def test_an_answer_carries_files(submission, clerk, officer):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    given = questions.reply(asked, text="见附件。", files=[paper(), paper("b", "照片.pdf")], by=clerk, at=WHEN)
    first, _second = given.files.all()
    assert (first.name, first.media_type, first.size) == ("盘点表.pdf", "application/pdf", paper().size)
    assert files.read(first.sha256) == paper().read()
    facts = JournalEntry.objects.get(act="package.question_answered").facts
    assert first.sha256 in facts
    with pytest.raises(DatabaseError), transaction.atomic():
        ReplyFile.objects.update(name="x")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([("a", "台账.docx")], "its name must end in .pdf"),
        ([("a", "a.pdf"), ("a", "b.pdf")], "is the same file as a.pdf"),
        ([(str(number), f"{number}.pdf") for number in range(questions.MOST_FILES + 1)], "at most 10 files"),
    ],
)
def test_no_answer_is_given_with_files_that_are_not_taken(submission, clerk, officer, chosen, said):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    with override("en"), pytest.raises(Refusal, match=said):
        questions.reply(asked, text="!", files=[paper(*each) for each in chosen], by=clerk, at=WHEN)
    assert not Reply.objects.exists()


def test_what_another_unit_used_proves_nothing_here(submission, clerk, officer, rival_unit, rival_clerk):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    theirs = Package.objects.create(
        unit=rival_unit, sector="aluminium", period="2025-07", year=2025, due=dt.date(2025, 9, 9)
    )
    evidence.attach(theirs, [paper()], covers=["anode"], by=rival_clerk, at=WHEN)
    with override("en"), pytest.raises(Refusal, match="used by another unit"):
        questions.reply(asked, text="!", files=[paper()], by=clerk, at=WHEN)
    questions.reply(asked, text="!", files=[paper("b")], by=clerk, at=WHEN)
    with override("en"), pytest.raises(Refusal, match="used by another unit"):
        evidence.attach(theirs, [paper("b")], covers=["anode"], by=rival_clerk, at=WHEN)


def test_answered_with_a_file_by_page(submission, clerk, rival_clerk, officer, client_for):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    reply = reverse("reporting:question_reply", args=[asked.pk])
    wrong = ContentFile(b"<html>", "盘点表.pdf")
    page = client_for(clerk).post(reply, {"text": "见附件。", "attached": wrong}, follow=True)
    assert "盘点表.pdf" in page.text
    assert "见附件。" in page.text  # what was typed comes back
    client_for(clerk).post(reply, {"text": "见附件。", "attached": [paper(), paper("b", "照片.pdf")]})
    given = ReplyFile.objects.get(name="照片.pdf")
    url = reverse("reporting:reply_file", args=[given.pk])
    assert url in client_for(officer).get(reverse("reporting:package", args=[submission.package_id])).text
    handed = client_for(officer).get(url)
    assert handed.content == paper("b").read()
    assert handed["Content-Disposition"].startswith("attachment")
    assert client_for(rival_clerk).get(url).status_code == 404


# --- the term of review: ten working days


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        # Monday 2025-11-03 is not counted; 4 5 6 7 | 10 11 12 13 14 | 17
        ([], "2025-11-17"),
        # asked on the 5th, answered on the 7th: the 5th and 6th don't count
        ([("2025-11-05 10:00", "2025-11-07 09:00")], "2025-11-19"),
        # answered on the day of asking: no day is lost
        ([("2025-11-05 10:00", "2025-11-05 16:00")], "2025-11-17"),
        # over a weekend, and two at once count once: the 7th, (8th, 9th), 10th
        ([("2025-11-07 10:00", "2025-11-11 09:00"), ("2025-11-07 11:00", "2025-11-10 09:00")], "2025-11-19"),
    ],
)
def test_the_term_does_not_run_while_a_question_is_open(pauses, due):
    found = term(at("2025-11-03 09:00"), [(at(asked), at(answered)) for asked, answered in pauses])
    assert (found.due, found.paused) == (dt.date.fromisoformat(due), False)


def test_it_stands_still_while_one_is_open():
    found = term(at("2025-11-03 09:00"), [(at("2025-11-04"), at("2025-11-05")), (at("2025-11-06"), None)])
    assert (found.due, found.paused) == (None, True)


def test_holidays_are_no_working_days():
    # submitted on 2025-09-30: 1 to 8 October are off, Saturday 11 is worked; 9 10 11 | 13 14 15 16 17 | 20 21
    assert term(at("2025-09-30 09:00"), []).due == dt.date(2025, 10, 21)


def test_no_day_is_guessed_where_the_calendar_is_not_announced():
    assert term(at("2098-12-30 09:00"), []).due == LatestDay(2099, 1, 22)  # not guessed: the latest that it can be


def test_the_term_of_a_package_counts_this_rounds_questions(submission, unit, clerk, officer):
    asked = questions.ask(submission, text="?", by=officer, at=WHEN)
    package = Package.objects.get()
    assert desk.term_of(package, desk.questions_of(package)).paused
    review.send_back(submission, reason="x", by=officer, at=WHEN)
    story.submit(story.read(unit, "2025-07", clerk, anode="8010"), by=clerk, at=at("2025-11-03 09:00"))
    package = Package.objects.get()
    assert asked in desk.questions_of(package)
    assert desk.term_of(package, desk.questions_of(package)).due == dt.date(2025, 11, 17)
