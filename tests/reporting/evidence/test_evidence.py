"""Supporting files attached, withdrawn, asked for at submission and frozen with it; the same bytes used twice."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from quota_site.demo.invented.papers import paper
from registry import files
from registry.models import JournalEntry
from registry.refusal import Refusal
from reporting import evidence, review, workbook
from reporting.filing import intake
from reporting.models import Evidence, EvidenceWithdrawal, Package, PackageEvent
from tests.cast import at
from tests.reporting import story

ALL = ["anode", "metal", "power"]  # what story's month needs
WHEN = story.READ_AT


def pdf(text: str = "a", name: str = "台账（扫描）.pdf") -> ContentFile:
    return ContentFile(paper(text), name)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def attach(package, clerk):
    def do(*given: ContentFile, covers=ALL, to: Package | None = None, by=clerk, when: dt.datetime = WHEN, **more):
        return evidence.attach(to or package, given, covers=covers, by=by, at=when, **more)

    return do


def refusal(act, *arguments, **more) -> str:
    with pytest.raises(Refusal) as refused:
        act(*arguments, **more)
    return str(refused.value)


# --- attaching ------------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_whole_with_what_it_supports(package, attach, clerk):
    (made,) = attach(pdf())
    assert files.read(made.sha256) == paper("a")
    assert (made.name, made.size, made.media_type) == ("台账（扫描）.pdf", len(paper("a")), "application/pdf")
    assert (made.covers, made.reuse_reason, made.by, made.at) == (ALL, "", clerk, WHEN)
    entry = JournalEntry.objects.get(act="package.evidence_attached")
    assert json.loads(entry.facts)["files"] == [
        {"sha256": made.sha256, "size": made.size, "covers": ALL, "reused": False}
    ]
    assert "台账" not in entry.facts  # a draft's names are the unit's own


def test_a_file_that_the_workbook_names_finds_its_place(attach):
    # Every datum of story's workbook names 台账.pdf.
    (made,) = attach(pdf(name="台账.PDF"), covers=[])
    assert set(made.covers) == set(ALL)


def test_a_tick_and_a_name_add_up(attach):
    named, ticked = attach(pdf("a", "台账.pdf"), pdf("b", "检定.pdf"), covers=["stops"])
    assert set(named.covers) == {"stops", *ALL}
    assert ticked.covers == ["stops"]


def test_a_file_that_supports_nothing_is_refused(attach):
    assert "检定.pdf: tick what it supports" in refusal(attach, pdf(name="检定.pdf"), covers=[])
    assert "tick what it supports" in refusal(attach, pdf(name="检定.pdf"), covers=["no_such_code"])
    assert not Evidence.objects.exists()


def test_files_may_come_before_the_workbook(unit, process, attach):
    empty = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    (made,) = attach(pdf(), to=empty, covers=["anode"])
    assert made.covers == ["anode"]
    assert "tick what it supports" in refusal(attach, pdf("b", "台账.pdf"), to=empty, covers=[])


def test_all_faults_are_said_at_once_and_nothing_is_kept(attach, settings):
    settings.EVIDENCE_LIMIT_BYTES = 5_000
    html = ContentFile(b"<!doctype html>", "a.html")
    large = ContentFile(b"%PDF-" + b" " * 5000, "gross.pdf")
    given = [pdf(), html, ContentFile(b"", "leer.pdf"), pdf("b", "b.png"), large, pdf("a", "zwilling.pdf")]
    said = refusal(attach, *given)
    for part in (
        "a.html can't be accepted: it is none of PDF, PNG, JPEG, XLSX",
        "leer.pdf can't be accepted: it is empty",
        "b.png can't be accepted: its content is PDF, so its name must end in .pdf",
        "gross.pdf can't be accepted: it has 5,005 bytes; at most 5,000 are accepted",
        "zwilling.pdf is the same file as 台账（扫描）.pdf",
    ):
        assert part in said
    assert not Evidence.objects.exists()
    assert not JournalEntry.objects.filter(act="package.evidence_attached").exists()


def test_exactly_the_limit_is_taken(attach, settings):
    settings.EVIDENCE_LIMIT_BYTES = len(paper("a"))
    assert attach(pdf())
    settings.EVIDENCE_LIMIT_BYTES -= 1
    assert "bytes" in refusal(attach, pdf("b"))


def test_not_more_files_than_a_package_takes(attach, settings):
    settings.EVIDENCE_LIMIT_FILES = 2
    attach(pdf("a"))
    assert "at most 2 files" in refusal(attach, pdf("b"), pdf("c"))
    assert attach(pdf("b"))
    assert "at most 2 files" in refusal(attach, pdf("c"))


def test_no_file_no_act(attach):
    assert "No file was chosen" in refusal(attach)


def test_the_same_file_twice(attach):
    attach(pdf())
    assert "is already attached" in refusal(attach, pdf(name="anders.pdf"))


@pytest.mark.parametrize("closed", ["submitted", "accepted"])
def test_nothing_changes_under_review_or_after(submission, package, attach, clerk, officer, closed):
    (made,) = attach(pdf())
    intake.submit(submission, by=clerk, at=WHEN)
    if closed == "accepted":
        review.accept(submission, by=officer, at=WHEN)
    assert "only be changed before" in refusal(attach, pdf("b"))
    assert "only be changed before" in refusal(evidence.withdraw, made, by=clerk, at=WHEN)
    assert not EvidenceWithdrawal.objects.exists()


# --- withdrawing ----------------------------------------------------------------------------------------------------------


def test_withdrawn_it_no_longer_counts_and_may_come_again(package, submission, attach, clerk):
    (made,) = attach(pdf())
    evidence.withdraw(made, by=clerk, at=WHEN)
    assert list(evidence.present(package)) == []
    assert [each.code for each in evidence.missing(package, submission)] == ALL
    assert files.read(made.sha256)  # nothing is thrown away
    assert "already" in refusal(evidence.withdraw, made, by=clerk, at=WHEN)
    (again,) = attach(pdf(), covers=["metal"])
    assert [each.code for each in evidence.missing(package, submission)] == ["anode", "power"]
    assert again.pk != made.pk
    acts = JournalEntry.objects.filter(act__startswith="package.evidence").order_by("sequence")
    assert [entry.act.rpartition("_")[2] for entry in acts] == ["attached", "withdrawn", "attached"]


# --- submitting -----------------------------------------------------------------------------------------------------------


def test_everything_that_is_missing_is_named_at_once(submission, clerk, attach):
    said = refusal(intake.submit, submission, by=clerk, at=WHEN)
    for name in ("anode consumption: ledger", "liquid aluminium", "AC power"):
        assert name in said
    assert "stops" not in said
    assert Package.objects.get().state == Package.State.READ
    attach(pdf(), covers=["anode", "power"])
    said = refusal(intake.submit, submission, by=clerk, at=WHEN)
    assert "(1)" in said
    assert "liquid aluminium" in said
    assert "anode" not in said


def test_several_files_together_suffice(submission, clerk, attach):
    for number, code in enumerate(ALL):
        attach(pdf(str(number)), covers=[code])
    assert intake.submit(submission, by=clerk, at=WHEN).state == Package.State.SUBMITTED
    assert [each.covers for each in evidence.of_submission(submission)] == [[code] for code in ALL]


def test_what_was_submitted_stays_what_it_was(submission, package, attach, clerk, officer):
    (first,) = attach(pdf())
    assert list(evidence.of_submission(submission)) == []  # a draft was submitted with nothing
    intake.submit(submission, by=clerk, at=WHEN)
    review.send_back(submission, reason="台账缺页", by=officer, at=at("2025-10-02"))
    package.refresh_from_db()
    evidence.withdraw(first, by=clerk, at=at("2025-10-03"))
    (second,) = attach(pdf("b"), when=at("2025-10-03"))
    assert list(evidence.of_submission(submission)) == [first]
    assert list(evidence.present(package)) == [second]


def test_a_package_sent_back_for_its_files_needs_no_other_workbook(unit, submission, package, attach, clerk, officer):
    """The workbook that was right comes again once the files are corrected, and not before."""
    (first,) = attach(pdf())
    intake.submit(submission, by=clerk, at=WHEN)
    review.send_back(submission, reason="检定证书过期", by=officer, at=at("2025-10-02"))
    book = story.book(unit, "2025-07")
    assert "already been sent back" in refusal(intake.receive, package, book, "a.xlsx", by=clerk, at=at("2025-10-03"))
    package.refresh_from_db()
    (second,) = attach(pdf("b"), when=at("2025-10-03"))
    intake.receive(package, book, "a.xlsx", by=clerk, at=at("2025-10-04"))
    story.do_jobs()
    assert story.current(package) == submission
    intake.submit(submission, by=clerk, at=at("2025-10-04"))
    assert list(evidence.of_submission(submission)) == [first, second]
    events = package.events.filter(kind=PackageEvent.Kind.SUBMITTED).order_by("pk")
    assert [event.evidence.count() for event in events] == [1, 2]
    review.accept(submission, by=officer, at=at("2025-10-05"))


def test_a_year_needs_no_files_and_may_have_some(unit, process, clerk, attach):
    year = intake.package_of(unit, story.ALUMINIUM, "2024")
    stated = story.content(unit, "2024", anode="96000", metal="204000")
    intake.receive(year, workbook.filled(story.spec(unit, "2024"), stated), "2024.xlsx", by=clerk, at=at("2025-06-20"))
    story.do_jobs()
    (made,) = attach(pdf(), to=year, covers=["anode"])
    assert evidence.missing(year, story.current(year)) == []
    intake.submit(story.current(year), by=clerk, at=at("2025-06-20"))
    assert list(evidence.of_submission(story.current(year))) == [made]


# --- the same bytes elsewhere ---------------------------------------------------------------------------------------------


@pytest.fixture
def august(unit, submission, clerk) -> Package:
    return story.read(unit, "2025-08", clerk).package


def test_another_months_file_needs_a_reason(attach, august):
    attach(pdf())
    said = refusal(attach, pdf(name="neu.pdf"), to=august)
    assert "neu.pdf was already used for 2025-07" in said
    assert refusal(attach, pdf(), to=august, reason="   ")
    reused, fresh = attach(pdf(), pdf("b"), to=august, reason=" 同一批煤 ")
    assert (reused.reuse_reason, fresh.reuse_reason) == ("同一批煤", "")
    entry = JournalEntry.objects.filter(act="package.evidence_attached").latest("sequence")
    assert [file["reused"] for file in json.loads(entry.facts)["files"]] == [True, False]


def test_a_file_withdrawn_before_it_was_submitted_was_not_used(attach, august, clerk):
    (made,) = attach(pdf())
    evidence.withdraw(made, by=clerk, at=WHEN)
    (again,) = attach(pdf(), to=august)
    assert again.reuse_reason == ""


def test_a_file_withdrawn_after_it_was_submitted_was(attach, submission, package, august, clerk, officer):
    (made,) = attach(pdf())
    intake.submit(submission, by=clerk, at=WHEN)
    review.send_back(submission, reason="台账缺页", by=officer, at=WHEN)
    evidence.withdraw(made, by=clerk, at=WHEN)
    assert "already used for 2025-07" in refusal(attach, pdf(), to=august)


@pytest.fixture
def rivals(rival_unit, rival_clerk, make_line, submission) -> Package:
    rival_unit.memberships.get_or_create(sector=story.ALUMINIUM)
    story.electrolysis(rival_unit, make_line)
    return story.read(rival_unit, "2025-07", rival_clerk).package


def test_another_units_file_is_refused_without_its_name(attach, unit, rivals, rival_clerk):
    attach(pdf())
    for reason in ("", "同一集团"):
        said = refusal(attach, pdf(), to=rivals, by=rival_clerk, reason=reason)
        assert "already used by another unit" in said
        assert unit.name not in said
        assert unit.credit_code not in said
        assert "2025-07" not in said
    assert not rivals.evidence.exists()


def test_two_units_at_the_same_moment_are_found_out_at_submission(attach, submission, rivals, rival_clerk, clerk):
    """Neither saw the other when attaching: as two transactions at once would leave it."""
    (made,) = attach(pdf())
    Evidence.objects.create(
        package=rivals,
        sha256=made.sha256,
        size=made.size,
        name="x.pdf",
        media_type="application/pdf",
        covers=ALL,
        by=rival_clerk,
        at=WHEN,
    )
    for version, by in ((submission, clerk), (rivals.submission, rival_clerk)):
        assert "already used by another unit" in refusal(intake.submit, version, by=by, at=WHEN)


# --- the bytes on the disk ------------------------------------------------------------------------------------------------


def test_changed_on_the_disk_it_is_found_out(attach, settings):
    (made,) = attach(pdf())
    place = next((settings.MEDIA_ROOT / "uploads").rglob(made.sha256))
    place.chmod(0o600)
    place.write_bytes(paper("a").replace(b"F", b"G", 1))
    with pytest.raises(files.DamagedFileError):
        files.read(made.sha256)


# --- what the page shows --------------------------------------------------------------------------------------------------


def test_the_checklist(package, submission, attach):
    (made,) = attach(pdf("a", "台账.pdf"), covers=["anode"])
    (other,) = attach(pdf("b", "停产记录.pdf"), covers=["stops"])
    shown = evidence.checklist(package, submission, list(evidence.present(package)))
    assert [entry.requirement.code for entry in shown.needed] == ALL
    assert [entry.requirement.code for entry in shown.missing] == []  # 台账.pdf is named beside every datum
    assert [file.evidence for file in shown.files] == [made, other]
    # The anode ledger's five data and the process's three.
    assert [len(file.cells) for file in shown.files] == [8, 0]
    assert shown.unattached == ()
    bare = evidence.checklist(package, submission, [other])
    assert [name for name, _data in bare.unattached] == ["台账.pdf"]
    assert [entry.requirement.code for entry in bare.missing] == ALL


def test_without_a_workbook_the_checklist_knows_no_needs(package):
    shown = evidence.checklist(package, None, [])
    assert {entry.is_needed for entry in shown.entries} == {None}
    assert (shown.needed, shown.missing, shown.unattached) == ([], [], ())
