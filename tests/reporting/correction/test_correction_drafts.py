"""What is typed on the page of a month: kept, laid over newer versions, never lost, and nobody else's business."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from registry.models import JournalEntry, Session
from reporting import review, workbook
from reporting.filing import intake
from reporting.models import CorrectionDraft, Package, Upload
from tests.cast import at
from tests.reporting import story
from tests.reporting.correcting import *  # noqa: F403 (its fixtures)
from tests.reporting.correcting import BOUGHT, METAL, USED, address, content, fields, kept, sent, shown_cell

pytestmark = pytest.mark.pages

# ---------------------------------------------------------------- when the package takes nothing


def test_under_review_nothing_can_be_corrected_and_nothing_is_lost(package, version, clerk, client_for):
    browser = client_for(clerk, "en")
    form = fields(browser, package, version)
    story.submit(version, by=clerk, at=story.READ_AT)
    answer = browser.post(address(package), form | {METAL: "17100"}, follow=True)
    assert "it is under review or accepted" in answer.text
    assert browser.get(address(package)).status_code == 302
    assert CorrectionDraft.objects.get().cells == {METAL: "17100"}
    assert Upload.objects.count() == 1
    assert kept(browser, package, version, {BOUGHT: "1"}, revision=1).json()["stale"] is True


def test_while_a_workbook_is_being_read_the_page_waits(package, version, clerk, client_for):
    intake.receive(package, story.book(package.unit, "2025-07", metal="17001"), "b.xlsx", by=clerk, at=story.READ_AT)
    answer = client_for(clerk, "en").get(address(package), follow=True)
    assert "A workbook is currently being read" in answer.text


def test_where_the_current_file_cant_be_read_the_one_before_is_corrected(package, version, clerk, client_for):
    intake.receive(package, b"no workbook at all", "b.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    browser = client_for(clerk, "en")
    page = browser.get(address(package))
    assert "You begin with version 1" in page.text
    sent(browser, package, version)  # even unchanged it is a better version than the broken one
    story.do_jobs()
    assert content(story.current(package)) == content(version)


# ---------------------------------------------------------------- drafts


def test_an_autosave_keeps_only_what_differs(package, version, clerk, client_for):
    browser = client_for(clerk)
    first = kept(browser, package, version, {METAL: "17,1", BOUGHT: "8000"}).json()
    second = kept(browser, package, version, {USED: ""}, revision=first["revision"]).json()
    assert CorrectionDraft.objects.get().cells == {METAL: "17,1", USED: ""}
    assert (first["revision"], second["revision"], second["overtaken"], second["stale"]) == (1, 2, False, False)
    kept(browser, package, version, {METAL: None}, revision=2)
    assert CorrectionDraft.objects.get().cells == {USED: ""}


def test_a_draft_is_there_again_in_either_language(package, version, clerk, client_for):
    kept(client_for(clerk), package, version, {METAL: "一万七"})
    for language in ("zh-hans", "en"):
        cell = shown_cell(client_for(clerk, language).get(address(package)), METAL)
        assert (cell.text, cell.base) == ("一万七", "17000")


def test_in_two_windows_the_later_text_counts_and_the_other_is_told(package, version, clerk, client_for):
    browser = client_for(clerk, "en")
    kept(browser, package, version, {METAL: "17100", BOUGHT: "8001"})
    later = kept(browser, package, version, {METAL: "17200"}).json()  # a window that has not seen revision 1
    assert later["overtaken"] is True
    assert CorrectionDraft.objects.get().cells == {METAL: "17200", BOUGHT: "8001"}
    # Its form doesn't show the other window's 8,001: it is looked at before anything is saved.
    answer = sent(browser, package, version, revision=0, **{METAL: "17200", BOUGHT: "8000"})
    assert answer.status_code == 422
    assert (shown_cell(answer, METAL).text, shown_cell(answer, BOUGHT).text) == ("17200", "8001")
    assert Upload.objects.count() == 1


def test_a_draft_outlives_a_newer_version_and_is_told_what_changed(package, version, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {METAL: "17100", BOUGHT: "8002"})
    story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    page = client_for(clerk, "en").get(address(package))
    told = [(each.what, each.before, each.after, each.typed) for each in page.context["meanwhile"]]
    assert told == [("P1 · Electrolysis · Liquid aluminium produced", "17000", "17050", "17100")]
    assert "A newer version came in after you had begun to type" in page.text
    assert (shown_cell(page, METAL).text, shown_cell(page, BOUGHT).text) == ("17100", "8002")
    assert page.context["version"].version == 2


def test_a_form_made_from_an_older_version_is_not_saved_over_the_newer(package, version, clerk, colleague, client_for):
    browser = client_for(clerk, "en")
    form = fields(browser, package, version)
    newer = story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    answer = browser.post(address(package), form | {BOUGHT: "8002"})
    assert answer.status_code == 422
    # What they typed is laid over the newer version; what they didn't touch is the newer version's.
    assert (shown_cell(answer, BOUGHT).text, shown_cell(answer, METAL).text) == ("8002", "17050")
    assert Package.objects.get(pk=package.pk).submission == newer
    sent(browser, package, newer, revision=1)
    story.do_jobs()
    row = content(story.current(package)).find("electrolysis", "P1")
    assert row.number("amount") == 17050


def test_an_autosave_from_an_older_version_joins_the_draft(package, version, clerk, colleague, client_for):
    browser = client_for(clerk)
    story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    answer = kept(browser, package, version, {BOUGHT: "8002"}).json()
    assert answer["stale"] is True
    assert shown_cell(browser.get(address(package)), BOUGHT).text == "8002"


def test_a_draft_that_the_newer_version_agrees_with_is_none(package, version, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {METAL: "17050"})
    story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    page = client_for(clerk).get(address(package))
    assert page.context["draft"] is None
    assert page.context["meanwhile"] is None


def test_two_clerks_see_that_the_other_has_typed_but_not_what(package, version, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {METAL: "17123.45"})
    for name in ("package_correct", "package"):
        page = client_for(colleague, "en").get(reverse(f"reporting:{name}", args=[package.pk]))
        assert "甲企业经办人 has also made entries" in page.text
        assert "17123.45" not in page.text
    own = client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk]))
    assert "is kept and not saved yet" in own.text
    assert "has also made entries" not in own.text


def test_nobody_outside_the_unit_hears_of_a_draft(package, version, clerk, officer, auditor, client_for):
    kept(client_for(clerk), package, version, {METAL: "17123.45"})
    for person in (officer, auditor):
        page = client_for(person, "en").get(reverse("reporting:package", args=[package.pk])).text
        assert "made entries" not in page
        assert "17123.45" not in page
    assert not JournalEntry.objects.filter(facts__contains="17123.45").exists()


def test_a_draft_can_be_thrown_away_by_its_owner_only(package, version, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {METAL: "17100"})
    client_for(colleague).post(address(package, "correct_discard"))
    assert CorrectionDraft.objects.count() == 1
    client_for(clerk).post(address(package, "correct_discard"))
    assert not CorrectionDraft.objects.exists()
    assert shown_cell(client_for(clerk).get(address(package)), METAL).text == "17000"


def test_a_text_longer_than_any_may_be_is_cut_and_what_is_no_character_left_out(package, version, clerk, client_for):
    kept(client_for(clerk), package, version, {METAL: "1\x00\ud8007", BOUGHT: "x" * 5000})
    cells = CorrectionDraft.objects.get().cells
    assert cells[METAL] == "17"
    assert len(cells[BOUGHT]) == 2000
    assert client_for(clerk).get(address(package)).status_code == 200


def test_a_lost_session_leads_back_to_the_page(package, clerk, client):
    assert client.get(address(package)).url == f"{reverse('login')}?next={address(package)}"
    pressed = client.post(address(package))  # by way of the package's page, which says that nothing was sent
    assert pressed.url.startswith(f"{reverse('login')}?next={reverse('reporting:package', args=[package.pk])}")


def test_an_unknown_line_of_the_file_is_named(unit, process, clerk, make_line, client_for):
    other = story.content(unit, "2025-07", line="P9")
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    book = workbook.filled(story.spec(unit, "2025-07", "P9"), other)
    intake.receive(package, book, "p9.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    page = client_for(clerk, "en").get(address(package))
    assert "The file has lines that the unit hasn't: P9." in page.text
    assert shown_cell(page, METAL).text == ""
    assert shown_cell(page, BOUGHT).text == "8000"


def test_the_page_asks_the_database_little(
    package, version, clerk, colleague, client_for, django_assert_max_num_queries
):
    """Session, person, package, permission, version, lines, draft, findings, plans, terms, seat, colleagues' drafts, what
    the month was sent back for, the badge."""
    kept(client_for(clerk), package, version, {METAL: "17100"})
    browser = client_for(clerk)
    with django_assert_max_num_queries(14):
        browser.get(address(package))
    story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    with django_assert_max_num_queries(18):
        browser.get(address(package))


def test_the_officers_reason_stands_on_the_page(package, version, clerk, officer, client_for):
    story.submit(version, by=clerk, at=story.READ_AT)
    review.send_back(version, reason="台账缺 7 月 12 日一页", by=officer, at=story.READ_AT)
    assert "台账缺 7 月 12 日一页" in client_for(clerk).get(address(package)).text


@pytest.mark.parametrize("act", ["keep", "discard"])
def test_a_draft_is_there_after_the_session_ended(package, version, client_for, clerk, act):
    browser = client_for(clerk, "en")
    kept(browser, package, version, {METAL: "一万七千一百"})
    Session.objects.all().delete()
    lost = browser.post(address(package, f"correct_{act}"))
    assert (lost.status_code, CorrectionDraft.objects.count()) == (302, 1)
    browser.force_login(clerk, "django.contrib.auth.backends.ModelBackend")
    shown = browser.get(parse_qs(urlsplit(lost["Location"]).query)["next"][0], follow=True)
    assert shown.redirect_chain[-1][0] == address(package)
    assert "nothing was sent" in shown.text
    assert shown_cell(shown, METAL).text == "一万七千一百"
