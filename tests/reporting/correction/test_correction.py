"""Correcting a month on its page: saved as a workbook, refused where an upload would be; locked cells stay locked.

The month is that of tests/reporting/story.py: 8,000 t anode, 17,000 t metal, 26,745 t.
"""

import json

import pytest
from django.urls import reverse

from registry import files
from registry.models import JournalEntry
from reporting import review
from reporting.filing import intake
from reporting.models import CorrectionDraft, Package, Upload
from tests.reporting import story
from tests.reporting.correcting import *  # noqa: F403 (its fixtures)
from tests.reporting.correcting import ANODE, BOUGHT, METAL, USED, address, content, fields, kept, sent, shown_cell

pytestmark = pytest.mark.pages

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
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    browser = client_for(clerk)
    ledger = {"opening": "500", "purchased": "8000", "sold": "0", "closing": "500", "consumed": "8000"}
    typed = {f"fuel.anode/1/{name}:value": text for name, text in ledger.items()}
    sent(browser, package, None, **typed, **{ANODE: "8000", METAL: "17000", "L1/electrolysis/1/power:value": "230000"})
    story.do_jobs()
    assert story.current(package).emissions == story.MONTH_TONNES


def test_the_blank_offers_last_months_stock_unlocked_as_the_workbook_does(version, unit, clerk, client_for):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    page = client_for(clerk).get(address(package))
    assert shown_cell(page, "fuel.anode/1/opening:value").text == "500"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("about 17,000", "Text where a number is expected: “about 17,000”"),
        ("-17000", "The value -17000 is negative."),
        ("17,00", "Text where a number is expected: “17,00”"),
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
    assert "This file has already been sent back" in answer.text
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
        "[" * 200_000,
    ],
)
def test_what_is_no_autosave_is_refused(package, clerk, client_for, body):
    answer = client_for(clerk).post(address(package, "correct_keep"), body, content_type="application/json")
    assert answer.status_code == 400
    assert not CorrectionDraft.objects.exists()
