"""What was submitted, found and verified: the database itself refuses to change or delete it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from reporting.models import (
    BulkItem,
    BulkUpload,
    DeadlineExtension,
    EvidenceWithdrawal,
    FindingAnswer,
    FindingRow,
    Note,
    OwnReviewDay,
    PeerMonth,
    Question,
    RefusedAnswer,
    Remark,
    Reply,
    ReplyFile,
    ReportReturn,
    ReviewerChoice,
    WayOfSubmitting,
)
from tests.cast import at
from tests.reporting import story

APPEND_ONLY = [
    "BulkItem",
    "BulkUpload",
    "Upload",
    "DeadlineExtension",
    "PackageEvent",
    "Submission",
    "FindingRow",
    "FindingAnswer",
    "TermRow",
    "LineTotalRow",
    "Receipt",
    "ReportContent",
    "ReportReturn",
    "ReportSource",
    "ReportSpan",
    "ReportTerm",
    "ReportedDatum",
    "VerificationEvent",
    "VerifiedDatum",
    "VerifiedResult",
    "PeerMonth",
    "Evidence",
    "EvidenceWithdrawal",
    "SubmittedEvidence",
    "ControlPlanVersion",
    "ControlPlanDecision",
    "Question",
    "Reply",
    "ReplyFile",
    "Remark",
    "WayOfSubmitting",
    "RefusedAnswer",
    "ReviewerChoice",
    "Note",
    "OwnReviewDay",
]
MUTABLE = {"ControlPlan", "CorrectionDraft", "HandingOver", "Package", "AnnualReport", "Verification"}


@pytest.fixture
def country(planned, report, verifier, officer, approver, clerk):
    """At least one row in every table."""
    story.approve_all(report, verifier, officer, approver, at("2026-04-10"))
    submission = report.sources.first().submission
    finding = FindingRow.objects.create(
        submission=submission, number=900, code="change.large", severity="warning", blocks=False
    )
    PeerMonth.objects.create(
        sector="steel", period="2025-01", count=0, median=0, mad=0, lower=0, upper=0, computed_at=at("2026-04-10")
    )
    EvidenceWithdrawal.objects.create(evidence=submission.package.evidence.get(), by=clerk, at=at("2026-04-10"))
    DeadlineExtension.objects.create(
        package=submission.package,
        kind="extended",
        before=dt.date(2025, 9, 9),
        due=dt.date(2025, 9, 19),
        reason="停电",
        by=officer,
        at=at("2025-09-01"),
    )
    WayOfSubmitting.objects.create(unit=submission.package.unit, confirmed=False, by=clerk, at=at("2026-04-10"))
    ReviewerChoice.objects.create(package=submission.package, reviewer=officer, by=officer, at=at("2026-04-10"))
    OwnReviewDay.objects.create(
        authority=officer.authority, days=30, since=dt.date(2026, 1, 1), by=officer, at=at("2026-04-10")
    )
    Note.objects.create(
        package=submission.package, authority=officer.authority, text="x", by=officer, at=at("2026-04-10")
    )
    answer = FindingAnswer.objects.create(finding=finding, reason="大修", by=clerk, at=at("2026-04-10"))
    event = submission.package.events.latest("pk")
    RefusedAnswer.objects.create(event=event, answer=answer, reason="x")
    Remark.objects.create(event=event, table="fuel", item="anode", reason="x")
    question = Question.objects.create(
        package=submission.package, submission=submission, text="?", by=officer, at=at("2026-04-10")
    )
    ReportReturn.objects.create(report=report, was_filed=True, reason="x", by=officer, at=at("2026-04-10"))
    reply = Reply.objects.create(question=question, text="!", by=clerk, at=at("2026-04-10"))
    ReplyFile.objects.create(reply=reply, sha256="0" * 64, size=1, name="x.pdf", media_type="application/pdf")
    sent = BulkUpload.objects.create(
        unit=clerk.unit, sha256="0" * 64, size=1, name="x.zip", by=clerk, at=at("2026-04-10")
    )
    BulkItem.objects.create(bulk=sent, number=1, name="x", kind="skipped")


def test_every_model_is_known_to_be_the_one_or_the_other():
    assert {model.__name__ for model in apps.get_app_config("reporting").get_models()} == {*APPEND_ONLY, *MUTABLE}


def test_nothing_can_be_changed_or_deleted(country):
    for name in APPEND_ONLY:
        model = apps.get_model("reporting", name)
        table = model._meta.db_table
        assert model.objects.exists(), name
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608  names of our own
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
