"""PostgreSQL refuses to empty at once what it refuses to change row by row."""

from django.db import migrations

from registry.database.append_only import NeverTruncated


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_seals_began")]

    operations = [
        NeverTruncated(
            "BulkItem",
            "BulkUpload",
            "ControlPlanDecision",
            "ControlPlanVersion",
            "DeadlineExtension",
            "Evidence",
            "EvidenceWithdrawal",
            "FindingAnswer",
            "FindingRow",
            "LineTotalRow",
            "PackageEvent",
            "PeerMonth",
            "Question",
            "Receipt",
            "RefusedAnswer",
            "Remark",
            "Reply",
            "ReplyFile",
            "ReportContent",
            "ReportReturn",
            "ReportSource",
            "ReportSpan",
            "ReportTerm",
            "ReportedDatum",
            "Submission",
            "SubmittedEvidence",
            "TermRow",
            "Upload",
            "Verification",
            "VerificationEvent",
            "VerifiedDatum",
            "VerifiedResult",
        )
    ]
