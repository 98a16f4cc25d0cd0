"""What the database itself refuses to change: rows that are only ever added, and rows from the day on which they stand for something."""

from django.db import migrations

from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        AppendOnly("Upload"),
        AppendOnly("PackageEvent"),
        AppendOnly("Submission"),
        AppendOnly("FindingRow"),
        AppendOnly("FindingAnswer"),
        AppendOnly("TermRow"),
        AppendOnly("LineTotalRow"),
        AppendOnly("ReportContent"),
        AppendOnly("ReportSource"),
        AppendOnly("ReportTerm"),
        AppendOnly("ReportedDatum"),
        AppendOnly("VerificationEvent"),
        AppendOnly("VerifiedDatum"),
        AppendOnly("VerifiedResult"),
        AppendOnly("Receipt"),
        AppendOnly("BulkUpload"),
        AppendOnly("BulkItem"),
        AppendOnly("PeerMonth"),
        AppendOnly("Evidence"),
        AppendOnly("EvidenceWithdrawal"),
        AppendOnly("SubmittedEvidence"),
        AppendOnly("Question"),
        AppendOnly("Reply"),
        AppendOnly("Remark"),
        AppendOnly("RefusedAnswer"),
        AppendOnly("ControlPlanVersion"),
        AppendOnly("ControlPlanDecision"),
        AppendOnly("DeadlineExtension"),
        AppendOnly("ReplyFile"),
        AppendOnly("ReportSpan"),
        AppendOnly("ReportReturn"),
        AppendOnly("WayOfSubmitting"),
        FrozenOnce("Verification", but=["state", "concluded_by", "concluded_at", "approved_by", "approved_at", "told_at"]),
        FrozenOnce("HandingOver", but=["state", "ended_by", "ended_at", "reason"]),
        FrozenOnce("HandingOver", when={"state": ["confirmed", "returned", "taken_back"]}),
    ]
