"""A month: from the clerk's home to the officer's acceptance, with everything that goes wrong on the way.

The works is one electrolysis process; its month, worked out in tests/reporting/story.py, is 26,745 t.
"""

import pytest
from django.urls import reverse

from quota_site.demo.invented.papers import paper
from reporting.models import Package
from tests.browser.desk import filled_in
from tests.cast import at
from tests.reporting import story

RIGHT = {
    "期初库存量": 500,
    "购入量": 8000,
    "外销量": 0,
    "期末库存量": 500,
    "净消耗量": 8000,
    "炭阳极消耗量": 8000,
    "铝液产量": 17000,
    "交流电耗电量": 230000,
}
# Words where a number belongs; and 500 + 8,000 − 0 − 900 is 7,600, not 8,000.
WRONG = RIGHT | {"铝液产量": "约一万七千", "期末库存量": 900}
REASON = "炭阳极购入量与发票不符，请核对后重新提交。"


@pytest.fixture
def october(unit, make_line, clerk, officer):
    """The works, listed for 2025, with its months up to September accepted: October's evidence is due on 10 December."""
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    for period in story.MONTHS[:9]:
        story.accepted(unit, period, clerk, officer)
    return unit


def begins(clerk):
    """From home to the page of the month."""
    clerk.sees("Awaiting your action", "Packages to submit")
    clerk.follows("Packages to submit").sees("2025-10", "not begun")
    return clerk.presses_in("2025-10", "Begin").sees("2025-10", "Download the blank workbook")


def uploads(clerk, workbook, do_jobs, name="10月.xlsx"):
    """Uploads, sees that the reading goes on, and sees it end without doing anything."""
    clerk.offers(workbook, name).presses("Upload and check")
    clerk.sees("Received and stored. The workbook is being read.", "Reading the workbook")
    do_jobs()
    clerk.sees("Emissions of the unit")
    return clerk


def submits(clerk):
    return clerk.confirms("Submit this version").sees(
        "The province reviews it. You are told when it is accepted or sent back."
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_month_is_uploaded_corrected_submitted_sent_back_and_accepted(
    language, october, clerk, officer, at_desk, it_is, do_jobs
):
    it_is("2025-11-20 09:00")
    seat = at_desk(clerk, language)
    begins(seat)
    blank = seat.downloads("Download the blank workbook")

    # Two mistakes: both are shown at once, each with its sheet and cell; nothing can be submitted.
    uploads(seat, filled_in(blank, WRONG), do_jobs, "十月（初稿）.xlsx")
    seat.has_focus_on_errors("#finding-1")
    seat.sees_finding("number.text", cell="E18", text="约一万七千")
    seat.sees_finding("ledger.broken", cell="E10")
    seat.cannot_press("Submit this version")

    # Corrected: no error is left. Its supporting files are asked for; what is no PDF under its name is refused at the field.
    uploads(seat, filled_in(blank, RIGHT), do_jobs)
    seat.sees("26,745").sees("after the parts above").has_no_error()
    seat.cannot_press("Submit this version")
    seat.attaches(b"<!doctype html>", "台账.pdf").has_focus_on_errors("#id_zone-anode").cannot_press(
        "Submit this version"
    )
    seat.attaches(paper("2025-10"), "台账.pdf").sees("%(done)s of %(all)s kinds attached", done=3, all=3)
    submits(seat)

    # The officer finds it in the queue and sends it back.
    it_is("2025-11-21 10:00")
    his = at_desk(officer, language)
    his.follows("Packages to review").sees("26,745")
    his.types("What is wrong and what to correct", REASON).presses("Send back with this reason")
    his.sees("Sent back. The unit sees your reason.")

    # The clerk reads the reason and submits a third version.
    it_is("2025-11-24 09:00")
    seat.goes_home().follows("Packages sent back: correct").sees(REASON)
    uploads(seat, filled_in(blank, RIGHT | {"购入量": 8100, "期末库存量": 600}), do_jobs, "十月（更正）.xlsx")
    submits(seat.has_no_error())

    # Accepted.
    it_is("2025-11-25 10:00")
    his.goes_home().follows("Packages to review").presses("Accept").sees("Accepted.")
    his.goes_home().misses("Packages to review")
    seat.goes_home().misses("Packages sent back: correct", "Packages to submit")
    package = Package.objects.get(period="2025-10")
    assert (package.state, package.submission.version) == (Package.State.ACCEPTED, 3)


def test_sending_back_without_a_reason_is_refused_at_the_field(october, clerk, officer, at_desk, it_is):
    it_is("2025-11-21 10:00")
    submission = story.submitted(october, "2025-10", clerk, at("2025-11-20"))
    his = at_desk(officer)
    his.page.goto(reverse("reporting:package", args=[submission.package_id]))
    his.presses("Send back with this reason")
    his.sees_invalid("What is wrong and what to correct")
    assert Package.objects.get(period="2025-10").state == Package.State.SUBMITTED
