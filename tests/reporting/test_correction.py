"""Correcting a month on its page: kept, saved as a workbook, refused where an upload would be; never lost and nobody else's business.

The month is that of tests/reporting/story.py: 8,000 t anode, 17,000 t metal, 26,745 t.
"""

import json

import pytest
from django.urls import reverse

from registry.models import JournalEntry
from registry.roles import Role
from reporting import files, intake, review, workbook
from reporting.content import Content
from reporting.models import CorrectionDraft, Package, Submission, Upload
from tests.cast import at
from tests.reporting import story

ANODE = "L1/electrolysis/1/anode:value"
METAL = "L1/electrolysis/1/amount:value"
BOUGHT = "fuel.anode/1/purchased:value"
USED = "fuel.anode/1/consumed:value"


@pytest.fixture
def version(unit, process, clerk):
    return story.read(unit, "2025-07", clerk)


@pytest.fixture
def package(version):
    return version.package


@pytest.fixture
def colleague(make_person, unit):
    return make_person(Role.UNIT_CLERK, "甲企业第二经办人", username="colleague", unit=unit)


def address(package, act: str = "correct") -> str:
    return reverse(f"reporting:package_{act}", args=[package.pk])


def sent(browser, package, version, revision: int = 0, **cells: str):
    """The form as a browser without a script sends it: every field that the page shows, with `cells` typed into it."""
    return browser.post(address(package), fields(browser, package, version, revision) | cells)


def fields(browser, package, version, revision: int = 0) -> dict[str, str]:
    page = browser.get(address(package)).context
    shown = {
        cell.name: cell.text
        for sheet in page["sheets"]
        for block in sheet.blocks
        for row in block.rows
        for cell in row.cells.values()
    }
    return {"base": "" if version is None else version.pk, "revision": revision, **shown}


def kept(browser, package, version, cells: dict[str, str | None], revision: int = 0):
    body = json.dumps({"base": "" if version is None else version.pk, "revision": revision, "cells": cells})
    return browser.post(address(package, "correct_keep"), body, content_type="application/json")


def content(submission: Submission) -> Content:
    return Content.from_json(submission.stored_content())


def shown_cell(response, name: str):
    for sheet in response.context["sheets"]:
        for block in sheet.blocks:
            for row in block.rows:
                for cell in row.cells.values():
                    if cell.name == name:
                        return cell
    raise AssertionError(f"no {name} on the page")


# ---------------------------------------------------------------- saving


def test_a_correction_is_a_version_like_any_other(package, version, clerk, client_for):
    browser = client_for(clerk)
    answer = sent(browser, package, version, **{METAL: "１７，１００", BOUGHT: "8 000"})
    assert answer.url == reverse("reporting:package", args=[package.pk])
    story.do_jobs()
    after = story.current(package)
    assert after.version == 2
    changed = {
        (row.key[:2], name): (datum.value, content(after).find(*row.key).data[name].value)
        for row in content(version).rows
        for name, datum in row.data.items()
        if datum != content(after).find(*row.key).data[name]
    }
    # 17,000 → 17,100 t metal is the only datum that changed; sources and evidence came along.
    assert changed == {(("electrolysis", "P1"), "amount"): (17000, 17100)}
    # effect 17,100 × (0.02 × 6630 + 0.0011 × 11100) / 1000 = 2,476.251; with the anode's 24,283.40: 26,759.65 → 26,760
    assert after.emissions == 26_760


def test_the_file_and_the_journal_say_that_it_was_made_on_the_page(package, version, clerk, client_for):
    sent(client_for(clerk, "en"), package, version, **{METAL: "17100"})
    upload = Upload.objects.latest("pk")
    assert upload.name == "2025-07, corrected on the page.xlsx"
    assert files.read(upload.sha256)[:2] == b"PK"  # a workbook that can be downloaded and uploaded again
    ways = [
        json.loads(entry.facts)["way"] for entry in JournalEntry.objects.filter(act="package.uploaded").order_by("pk")
    ]
    assert ways == ["file", "page"]


def test_what_is_found_is_found_as_in_an_upload_and_shown_at_its_cell(package, version, clerk, client_for):
    browser = client_for(clerk, "en")
    sent(browser, package, version, **{BOUGHT: "8100"})  # 500 + 8,100 − 0 − 500 is 8,100, not 8,000
    story.do_jobs()
    after = story.current(package)
    assert list(after.findings.filter(blocks=True).values_list("code", flat=True)) == ["ledger.broken"]
    page = browser.get(address(package))
    faulty = shown_cell(page, USED)
    assert [finding.code for finding in faulty.faults if finding.blocks] == ["ledger.broken"]
    assert page.context["first_fault"] == USED
    assert f'name="{USED}" autofocus value="8000"' in page.text
    assert "autofocus" not in page.text.replace(f'name="{USED}" autofocus', "", 1)


def test_a_page_begins_with_the_blank_where_there_is_no_version(unit, process, clerk, client_for):
    package = intake.open_package(unit, story.ALUMINIUM, "2025-07")
    browser = client_for(clerk)
    ledger = {"opening": "500", "purchased": "8000", "sold": "0", "closing": "500", "consumed": "8000"}
    typed = {f"fuel.anode/1/{name}:value": text for name, text in ledger.items()}
    sent(browser, package, None, **typed, **{ANODE: "8000", METAL: "17000", "L1/electrolysis/1/power:value": "230000"})
    story.do_jobs()
    assert story.current(package).emissions == story.MONTH_TONNES


def test_the_blank_offers_last_months_stock_unlocked_as_the_workbook_does(version, unit, clerk, client_for):
    package = intake.open_package(unit, story.ALUMINIUM, "2025-08")
    page = client_for(clerk).get(address(package))
    assert shown_cell(page, "fuel.anode/1/opening:value").text == "500"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("about 17,000", "Text stands where a number belongs: “about 17,000”"),
        ("-17000", "The value -17000 is negative."),
        ("17,00", "Text stands where a number belongs: “17,00”"),
    ],
)
def test_a_cell_that_cant_be_read_comes_back_with_everything_typed(package, version, clerk, client_for, text, message):
    browser = client_for(clerk, "en")
    answer = sent(browser, package, version, **{METAL: text, BOUGHT: "8,001"})
    assert answer.status_code == 422
    assert message in answer.text
    assert answer.context["first_fault"] == METAL
    assert shown_cell(answer, METAL).text == text
    assert shown_cell(answer, BOUGHT).text == "8,001"
    assert Upload.objects.count() == 1  # nothing was saved
    again = browser.get(address(package))  # and it is still there on another day
    assert (shown_cell(again, METAL).text, shown_cell(again, BOUGHT).text) == (text, "8,001")


def test_a_saved_correction_leaves_no_draft(package, version, clerk, client_for):
    browser = client_for(clerk)
    kept(browser, package, version, {METAL: "17100"})
    sent(browser, package, version, revision=1)
    assert not CorrectionDraft.objects.exists()
    story.do_jobs()
    assert content(story.current(package)).find("electrolysis", "P1").number("amount") == 17100


def test_nothing_changed_is_no_version(package, version, clerk, client_for):
    answer = sent(client_for(clerk, "en"), package, version)
    assert answer.url == reverse("reporting:package", args=[package.pk])
    assert Upload.objects.count() == 1
    assert not CorrectionDraft.objects.exists()


def test_a_correction_of_what_was_sent_back_is_refused_as_an_upload_is(package, version, clerk, officer, client_for):
    browser = client_for(clerk, "en")
    sent(browser, package, version, **{METAL: "17100"})
    story.do_jobs()
    second = story.current(package)
    story.submit(second, by=clerk, at=story.READ_AT)
    review.send_back(second, reason="台账缺页", by=officer, at=story.READ_AT)
    intake.receive(package, story.book(package.unit, "2025-07"), "七月.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    third = story.current(package)
    answer = browser.post(
        address(package), fields(browser, package, third) | {METAL: "17100"}, follow=True
    )  # the very bytes that were sent back
    assert "This very file was sent back already" in answer.text
    assert shown_cell(answer, METAL).text == "17100"


def test_rows_of_the_workbook_may_be_pasted_as_a_block(package, version, clerk, client_for):
    browser = client_for(clerk, "en")
    row = "L1/electrolysis/1/amount\t\t铝液产量\tt\t17,100\t实测值 measured\t地磅"
    sent(browser, package, version, block=row)
    story.do_jobs()
    datum = content(story.current(package)).find("electrolysis", "P1").data["amount"]
    assert (str(datum.value), datum.how, datum.source, datum.evidence) == ("17100.00", "measured", "地磅", "台账.pdf")


def test_a_block_without_codes_is_given_back(package, version, clerk, client_for):
    answer = sent(client_for(clerk, "en"), package, version, block="17,100\t18,000")
    assert answer.status_code == 422
    assert "no row here has the code “17,100”" in answer.text
    assert "17,100\t18,000</textarea>" in answer.text


# ---------------------------------------------------------------- what may not be changed


@pytest.mark.parametrize(
    "forged",
    [
        {"L1/line:item": "P9"},
        {"L1/electrolysis/1/amount:measure": "kg"},
        {"fuel.anode/1/consumed:emissions": "1"},
        {"period": "2025-08", "unit": "91990000MA0TEST00X"},
        {"L2/electrolysis/1/amount:value": "5"},
    ],
)
def test_locked_cells_cant_be_forged(package, version, clerk, client_for, forged):
    browser = client_for(clerk)
    sent(browser, package, version, **forged)
    kept(browser, package, version, forged)
    assert Upload.objects.count() == 1
    assert not any(draft.cells for draft in CorrectionDraft.objects.all())


def test_a_strangers_package_is_not_there(package, rival_clerk, officer, auditor, unit_approver, client_for):
    for act in ("correct", "correct_keep", "correct_discard"):
        browser = client_for(rival_clerk)
        assert browser.post(address(package, act), {"base": ""}).status_code == 404
    assert client_for(rival_clerk).get(address(package)).status_code == 404
    for person in (officer, auditor, unit_approver):
        assert client_for(person).get(address(package)).status_code == 403
    assert not CorrectionDraft.objects.exists()


def test_another_packages_version_is_no_base(package, version, unit, clerk, client_for):
    other = story.read(unit, "2025-08", clerk, anode="9000")
    answer = sent(client_for(clerk, "en"), package, other, **{METAL: "17100"})
    assert answer.status_code == 422  # as from a version that is gone: looked at again before it is saved
    assert Package.objects.get(pk=package.pk).submission == version


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", '{"revision": 0, "cells": {}}', '{"base": "", "revision": "0", "cells": {}}'),
        *('{"base": "", "revision": 0, "cells": []}', '{"base": "", "revision": 0, "cells": {"a": 1}}'),
        '{"base": "", "revision": -1, "cells": {}}',
    ],
)
def test_what_is_no_autosave_is_refused(package, clerk, client_for, body):
    answer = client_for(clerk).post(address(package, "correct_keep"), body, content_type="application/json")
    assert answer.status_code == 400
    assert not CorrectionDraft.objects.exists()


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
    assert "A workbook is being read at this moment" in answer.text


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
    # What she typed is laid over the newer version; what she didn't touch is the newer version's.
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
        assert "甲企业经办人 has typed" in page.text
        assert "17123.45" not in page.text
    own = client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk]))
    assert "is kept and not saved yet" in own.text
    assert "has typed there" not in own.text


def test_nobody_outside_the_unit_hears_of_a_draft(package, version, clerk, officer, auditor, client_for):
    kept(client_for(clerk), package, version, {METAL: "17123.45"})
    for person in (officer, auditor):
        page = client_for(person, "en").get(reverse("reporting:package", args=[package.pk])).text
        assert "has typed" not in page
        assert "17123.45" not in page
    assert not JournalEntry.objects.filter(facts__contains="17123.45").exists()


def test_a_draft_can_be_thrown_away_by_its_owner_only(package, version, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {METAL: "17100"})
    client_for(colleague).post(address(package, "correct_discard"))
    assert CorrectionDraft.objects.count() == 1
    client_for(clerk).post(address(package, "correct_discard"))
    assert not CorrectionDraft.objects.exists()
    assert shown_cell(client_for(clerk).get(address(package)), METAL).text == "17000"


def test_a_text_longer_than_any_may_be_is_cut_and_a_null_sign_left_out(package, version, clerk, client_for):
    kept(client_for(clerk), package, version, {METAL: "1\x007", BOUGHT: "x" * 5000})
    cells = CorrectionDraft.objects.get().cells
    assert cells[METAL] == "17"
    assert len(cells[BOUGHT]) == 2000


def test_a_lost_session_leads_back_to_the_page(package, clerk, client):
    for method in (client.get, client.post):
        answer = method(address(package))
        assert answer.url == f"{reverse('login')}?next={address(package)}"


def test_an_unknown_line_of_the_file_is_named(unit, process, clerk, make_line, client_for):
    other = story.content(unit, "2025-07", line="P9")
    package = intake.open_package(unit, story.ALUMINIUM, "2025-07")
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
    """Session, person, package, permission, version, lines, draft, findings, terms, seat, colleagues' drafts."""
    kept(client_for(clerk), package, version, {METAL: "17100"})
    browser = client_for(clerk)
    with django_assert_max_num_queries(11):
        browser.get(address(package))
    story.read(package.unit, "2025-07", colleague, at("2025-10-02 09:00"), metal="17050")
    with django_assert_max_num_queries(16):
        browser.get(address(package))
