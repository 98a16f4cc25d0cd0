"""The officer's desk: queue, comparison, a question and its answer with a file, a sending back datum by datum, acceptance in bulk.

With the mistakes that people make: nothing written, pressed twice, the browser's Back, a colleague who was faster.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from quota_site.demo.invented.papers import paper
from registry.models import Job
from reporting import review
from reporting.content import Content, places
from reporting.models import Package, Question, Remark, Reply
from tests.browser.audit import complaints
from tests.cast import at
from tests.reporting import plans, story

WHOLE, ANSWER, QUESTION = "Overall: what is wrong and what to correct", "Your answer", "Your question"
SEND_BACK = "Send back with these reasons"


@pytest.fixture
def waiting(unit, make_line, clerk, unit_approver, officer):
    """Three months under review: 2025-10 deserves the first look, and was sent back once; 2025-08 the last."""
    story.electrolysis(unit, make_line)
    plan = plans.plan_for(story.content(unit, "2025-01"))
    plans.accepted(unit, plan, clerk, unit_approver, officer, at("2025-06-01 09:00"))
    versions = {}
    for period, risk in (("2025-08", 5), ("2025-09", 20), ("2025-10", 80)):
        versions[period] = story.submitted(unit, period, clerk, at("2025-11-20"))
        if period == "2025-10":
            review.send_back(versions[period], reason="请核对。", by=officer, at=at("2025-11-20 10:00"))
            versions[period] = story.submitted(unit, period, clerk, at("2025-11-20 11:00"), anode="8010")
        Package.objects.filter(period=period).update(risk=risk)
    return versions


def months(desk) -> list[str]:
    """The periods of the list on the page, from top to bottom."""
    return [
        text
        for text in desk.page.locator("main tbody td").all_inner_texts()
        if text.startswith("20") and len(text) == 7
    ]


def state_of(period: str) -> str:
    return Package.objects.get(period=period).state


def closing(version):
    """The number of the closing stock among the version's data, as the form has it."""
    spots = places.spots(Content.from_json(version.stored_content())).values()
    return next(spot.number for spot in spots if spot.name == "closing")


def encloses(desk, data: bytes, name: str):
    desk.page.locator("#questions input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": data}
    )
    return desk


def asks(desk, text: str):
    desk.page.locator("#questions summary").click()
    return desk.types(QUESTION, text).presses("Ask")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_queue_to_a_sending_back(language, waiting, clerk, officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    his = at_desk(officer, language)
    his.page.goto(reverse("reporting:package_queue"))
    assert months(his) == ["2025-10", "2025-09", "2025-08"]

    # He opens the first, and looks at what changed since it was sent back.
    his.page.locator("main tbody a").first.click()
    expect(his.page.locator("main .page-actions nav")).to_contain_text({"en": "1 of 3"}.get(language, "第1份，共3份"))
    his.follows("Compare").sees("8,000.00", "8,010.00").goes_back()

    # An empty question asks nothing; a written one keeps him from accepting.
    asks(his, " ").is_refused("No question was sent: write your question.")
    asks(his, "期末库存为何不变？").sees("Question sent. The review period is suspended until the unit answers.")
    expect(his.page.locator("h1")).to_contain_text("2025-09")
    his.follows("Previous in the queue").sees("not answered").cannot_press("Accept")

    # The clerk answers: a web page under a paper's name is refused and the words stay; then with the paper itself.
    it_is("2025-11-22 09:00")
    theirs = at_desk(clerk, language)
    theirs.page.goto(reverse("reporting:package", args=[waiting["2025-10"].package_id]))
    encloses(theirs.types(ANSWER, "见盘点表。"), b"<!doctype html>", "盘点表.pdf").presses("Answer the question")
    theirs.sees("盘点表.pdf").still_holds(ANSWER, "见盘点表。")
    encloses(theirs, paper("盘点"), "盘点表.pdf").presses("Answer the question").sees(
        "Answered. The officer has been informed."
    )
    assert Reply.objects.get().files.get().name == "盘点表.pdf"

    # He reads it and fetches the paper.
    it_is("2025-11-24 09:00")
    his.goes_home().follows("Packages whose questions were answered: decide").sees("见盘点表。")
    assert his.downloads("盘点表.pdf") == paper("盘点")

    # Sent back datum by datum: without a reason for the whole nothing happens and nothing typed is lost.
    his.follows("Give reasons at single data, or refuse answers")
    field = f"[name='at-{closing(waiting['2025-10'])}']"
    his.page.locator(field).fill("与盘点表不符")
    his.presses(SEND_BACK).sees_invalid(WHOLE)
    expect(his.page.locator(field)).to_have_value("与盘点表不符")
    assert state_of("2025-10") == Package.State.SUBMITTED
    his.types(WHOLE, "请更正期末库存。").presses(SEND_BACK)
    his.sees("Sent back. The unit sees your reasons at the data.")

    # Back, and pressed again: told so, and done once.
    his.goes_back()
    his.page.locator(field).fill("与盘点表不符")
    his.types(WHOLE, "请更正期末库存。").presses(SEND_BACK)
    his.is_refused("Somebody else has dealt with this in the meantime; look at it again.")
    assert Remark.objects.count() == 1
    theirs.reloads().sees("请更正期末库存。", "与盘点表不符")


def test_pressed_twice_a_question_is_asked_once(waiting, officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    his = at_desk(officer)
    his.page.goto(reverse("reporting:package", args=[waiting["2025-09"].package_id]))
    his.page.locator("#questions summary").click()
    his.types(QUESTION, "为何？")
    his.page.get_by_role("button", name=his.said("Ask"), exact=True).dblclick()
    his.sees("not answered")
    assert Question.objects.count() == 1


def test_a_colleague_was_faster_than_the_question(waiting, officer, second_officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    his = at_desk(officer)
    his.page.goto(reverse("reporting:package", args=[waiting["2025-09"].package_id]))
    review.accept(waiting["2025-09"], by=second_officer, at=at("2025-11-21 10:01"))
    asks(his, "为何？").is_refused("Somebody else has dealt with this in the meantime; look at it again.")
    his.still_holds("What you had typed was not saved", "为何？")
    assert not Question.objects.exists()


def test_clean_months_are_accepted_in_bulk(waiting, officer, second_officer, at_desk, it_is, do_jobs, monkeypatch):
    monkeypatch.setattr("registry.web.paging.PER_PAGE", 1)
    it_is("2025-11-21 10:00")
    his = at_desk(officer)
    his.page.goto(reverse("reporting:package_queue"))
    his.follows("Accept clean packages")
    assert months(his) == ["2025-09"]
    his.page.locator("tbody input[type=checkbox]").check()
    his.presses("Next")  # the first stays ticked
    assert months(his) == ["2025-08"]
    his.page.locator("tbody input[type=checkbox]").check()
    expect(his.page.locator("#ticked")).to_contain_text("2")
    expect(his.page.locator(".chosen strong")).to_contain_text("1")

    # What is about to happen stands there first; a colleague is faster with one of the two.
    his.page.locator(".form-actions button").click()
    expect(his.page.locator("main")).to_contain_text("2025-08")
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()
    his.presses("Accept them").sees("Acceptance in bulk requested").follows("What became of each")
    review.send_back(waiting["2025-08"], reason="x", by=second_officer, at=at("2025-11-21 10:01"))
    do_jobs()
    his.reloads().sees(second_officer.name)
    assert Job.objects.filter(kind="reporting.bulk_accept").count() == 1
    assert (state_of("2025-09"), state_of("2025-08")) == (Package.State.ACCEPTED, Package.State.RETURNED)
    his.goes_back().follows("Back to the queue")
    assert months(his) == ["2025-10"]


def presses_key(desk, *keys: str) -> None:
    """Keys of the keyboard, one after the other, wherever the focus is."""
    for key in keys:
        desk.page.keyboard.press(key)


def marked(desk):
    return desk.page.locator("main tbody tr[aria-current]")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_queue_by_keyboard_alone(language, waiting, officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    his = at_desk(officer, language)
    his.page.goto(reverse("reporting:package_queue"))
    expect(his.page.locator(".queue-keys")).to_contain_text({"en": "next package"}.get(language, "下一份"))

    # Down, down, at the end it stays; up; with Ctrl it is the browser's. The mark is where the focus is.
    presses_key(his, "j")
    expect(marked(his)).to_contain_text("2025-10")
    presses_key(his, "j", "j", "j")
    expect(marked(his)).to_contain_text("2025-08")
    presses_key(his, "k", "Alt+k", "Control+Shift+k")
    expect(marked(his)).to_contain_text("2025-09")
    expect(marked(his).locator("a").first).to_be_focused()

    # In a field they are letters.
    presses_key(his, "/", "j", "a")
    expect(his.page.locator("#site-search")).to_have_value("ja")
    his.page.locator("#site-search").blur()

    # Enter opens the marked month, j and k lead along the queue.
    with his.page.expect_navigation():
        presses_key(his, "Enter")
    expect(his.page.locator("h1")).to_contain_text("2025-09")
    with his.page.expect_navigation():
        presses_key(his, "j")
    expect(his.page.locator("h1")).to_contain_text("2025-08")
    with his.page.expect_navigation():
        presses_key(his, "k")
    expect(his.page.locator("h1")).to_contain_text("2025-09")

    # One key does no act: a only leads to the button, which Enter presses.
    presses_key(his, "a")
    expect(his.page.get_by_role("button", name=his.said_of("a month", "Accept"), exact=True)).to_be_focused()
    assert state_of("2025-09") == Package.State.SUBMITTED
    with his.page.expect_navigation():
        presses_key(his, "Enter")
    assert state_of("2025-09") == Package.State.ACCEPTED
    expect(his.page.locator("h1")).to_contain_text("2025-08")

    # r leads to the reason; there every letter is one.
    presses_key(his, "r")
    his.page.keyboard.type("ajkr")
    expect(his.page.locator("#id_reason")).to_have_value("ajkr")
    with his.page.expect_navigation():
        presses_key(his, "Tab", "Enter")
    assert state_of("2025-08") == Package.State.RETURNED


def test_the_keys_are_switched_off_and_on(waiting, officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    his = at_desk(officer)
    his.page.goto(reverse("reporting:package_queue"))
    off_and_on = his.page.locator(".queue-keys button")
    off_and_on.click()
    his.reloads()
    presses_key(his, "j")
    expect(marked(his)).to_have_count(0)
    off_and_on.click()
    presses_key(his, "j")
    expect(marked(his)).to_contain_text("2025-10")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_is_too_wide_for_a_phone(language, waiting, officer, page_for, it_is):
    it_is("2025-11-21 10:00")
    first = waiting["2025-10"]
    addresses = [
        reverse("reporting:package_queue"),
        reverse("reporting:packages_accept"),
        reverse("reporting:package", args=[first.package_id]) + "?desk=1",
        reverse("reporting:package_compare", args=[first.package_id]),
        reverse("reporting:package_compare", args=[first.package_id]) + "?with=month&all=1",
        reverse("reporting:submission_send_back_data", args=[first.pk]),
    ]
    page = page_for(officer, addresses[0], language, width=390)
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = complaints(page)
    assert {address: said for address, said in found.items() if said} == {}
