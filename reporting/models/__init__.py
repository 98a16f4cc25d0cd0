from reporting.models.annual import (
    AnnualReport,
    ReportContent,
    ReportedDatum,
    ReportReturn,
    ReportSource,
    ReportSpan,
    ReportTerm,
)
from reporting.models.bulk import BulkItem, BulkUpload
from reporting.models.control_plans import ControlPlan, ControlPlanDecision, ControlPlanVersion
from reporting.models.deadlines import DeadlineExtension
from reporting.models.desk import Note, OwnReviewDay, Question, RefusedAnswer, Remark, Reply, ReplyFile, ReviewerChoice
from reporting.models.drafts import CorrectionDraft
from reporting.models.evidence import Evidence, EvidenceWithdrawal, SubmittedEvidence
from reporting.models.handing_over import HandingOver, WayOfSubmitting
from reporting.models.packages import Package, PackageEvent, Upload
from reporting.models.peers import PeerMonth
from reporting.models.receipts import Receipt
from reporting.models.submissions import FindingAnswer, FindingRow, LineTotalRow, Submission, TermRow
from reporting.models.verification import Verification, VerificationEvent, VerifiedDatum, VerifiedResult

__all__ = [
    "AnnualReport",
    "BulkItem",
    "BulkUpload",
    "ControlPlan",
    "ControlPlanDecision",
    "ControlPlanVersion",
    "CorrectionDraft",
    "DeadlineExtension",
    "Evidence",
    "EvidenceWithdrawal",
    "FindingAnswer",
    "FindingRow",
    "HandingOver",
    "LineTotalRow",
    "Note",
    "OwnReviewDay",
    "Package",
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
    "ReviewerChoice",
    "Submission",
    "SubmittedEvidence",
    "TermRow",
    "Upload",
    "Verification",
    "VerificationEvent",
    "VerifiedDatum",
    "VerifiedResult",
    "WayOfSubmitting",
]
