"""For which periods files are taken, and how much of them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from quota_site.demo.invented.papers import paper
from registry.refusal import Refusal
from reporting import evidence, guidelines
from reporting.filing import bulk, intake
from reporting.models import Evidence, Package, Upload
from reporting.review import questions
from reporting.submissions import upload_limits
from tests.cast import at
from tests.reporting import story
from tests.reporting.zips import zipped

pytestmark = pytest.mark.usefixtures("in_english")

NOW = at("2025-11-20 09:00")
FAR = ["2099-12", "2026-02", "2026-01"]  # January begins 42 days on
NEAR = ["2025-12", "2025-11", "2025-01", "2024"]


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)


@pytest.fixture
def limited(monkeypatch):
    """`limited("workbooks.day", 2)`: another figure in the file."""

    def limit(name: str, value: int) -> None:
        kind = type(guidelines.filing()[name])
        shipped = kind.number
        monkeypatch.setattr(kind, "number", lambda self, day: Decimal(value) if self.id == name else shipped(self, day))

    return limit


@pytest.mark.parametrize("period", FAR)
def test_nothing_is_taken_for_a_period_far_ahead(unit, process, clerk, client_for, now, period):
    """Not opened by page, not by zip; a package that is there already takes neither workbook nor supporting file."""
    browser = client_for(clerk, "en")
    page = browser.post(reverse("reporting:package_open", args=[unit.pk, story.ALUMINIUM, period]), follow=True)
    assert f"{period} is too far ahead" in page.text
    assert not Package.objects.exists()
    taken = bulk.receive(zipped(("a.xlsx", story.book(unit, period))), "a.zip", by=clerk, at=NOW)
    story.do_jobs()
    assert "too far ahead" in taken.items.get().message
    package = intake.package_of(unit, story.ALUMINIUM, period)
    with pytest.raises(Refusal, match="too far ahead"):
        intake.receive(package, story.book(unit, period), "a.xlsx", by=clerk, at=NOW)
    with pytest.raises(Refusal, match="too far ahead"):
        evidence.attach(package, [ContentFile(paper("x"), "a.pdf")], covers=["anode"], by=clerk, at=NOW)
    assert not Upload.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("period", NEAR)
def test_a_period_that_has_begun_or_is_near_is_prepared(unit, process, clerk, client_for, now, period):
    address = reverse("reporting:package_open", args=[unit.pk, story.ALUMINIUM, period])
    client_for(clerk).post(address)
    package = Package.objects.get()
    assert intake.receive(package, story.book(unit, period), "a.xlsx", by=clerk, at=NOW).pk


@pytest.mark.parametrize(("day", "taken"), [("2025-11-30", True), ("2025-11-29", False)])
def test_the_day_from_which_a_period_is_prepared(day, taken):
    if taken:
        upload_limits.refuse_too_early("2025-12", dt.date.fromisoformat(day) - dt.timedelta(days=30))
    else:
        with pytest.raises(Refusal):
            upload_limits.refuse_too_early("2025-12", dt.date.fromisoformat(day) - dt.timedelta(days=30))


def test_a_unit_uploads_so_many_workbooks_a_day(unit, rival_unit, process, clerk, rival_clerk, make_line, limited):
    limited("workbooks.day", 2)
    package = intake.package_of(unit, story.ALUMINIUM, "2025-09")
    for anode in ("8000", "8001"):
        intake.receive(package, story.book(unit, "2025-09", anode=anode), "a.xlsx", by=clerk, at=NOW)
    third = story.book(unit, "2025-09", anode="8002")
    with pytest.raises(Refusal, match="2 workbooks of this unit"):
        intake.receive(package, third, "a.xlsx", by=clerk, at=NOW)
    # Another unit's are its own, and so is the day after.
    story.electrolysis(rival_unit, make_line)
    theirs = intake.package_of(rival_unit, story.ALUMINIUM, "2025-09")
    assert intake.receive(theirs, story.book(rival_unit, "2025-09"), "a.xlsx", by=rival_clerk, at=NOW).pk
    assert intake.receive(package, third, "a.xlsx", by=clerk, at=NOW + dt.timedelta(days=1)).pk


def test_the_files_of_a_units_year_have_an_end(unit, process, planned, clerk, officer, limited):
    """Workbooks, supporting files and files of answers together."""
    submission = story.submitted(unit, "2025-09", clerk)
    stored = sum(Upload.objects.values_list("size", flat=True)) + sum(Evidence.objects.values_list("size", flat=True))
    limited("stored.megabytes", 1)
    next_month = intake.package_of(unit, story.ALUMINIUM, "2025-10")
    large = story.book(unit, "2025-10")
    Upload.objects.bulk_create(
        [
            Upload(
                package=next_month,
                sha256="0" * 64,
                size=upload_limits.MEGABYTE - stored - 100,
                name="x",
                by=clerk,
                at=NOW,
            )
        ]
    )
    with pytest.raises(Refusal, match="may come to 1 MB"):
        intake.receive(next_month, large, "a.xlsx", by=clerk, at=NOW)
    file = ContentFile(paper("x"), "a.pdf")
    with pytest.raises(Refusal, match="may come to 1 MB"):
        evidence.attach(next_month, [file], covers=["anode"], by=clerk, at=NOW)
    asked = questions.ask(submission, text="为什么?", by=officer, at=NOW)
    with pytest.raises(Refusal, match="may come to 1 MB"):
        questions.reply(asked, text="因为", by=clerk, at=NOW, files=[file])
    # Another year has its own room.
    other = intake.package_of(unit, story.ALUMINIUM, "2024")
    assert intake.receive(other, story.book(unit, "2024"), "a.xlsx", by=clerk, at=NOW).pk
