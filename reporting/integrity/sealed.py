"""What of reporting is bound to the journal (registry.journal.seals)."""

from django.db.models import Q

from registry.journal import seals
from registry.journal.seals import Bound, Part

REPORT = ("unit", "sector", "year", "version", "due", "emissions", "prepared_by", "prepared_at")
VERIFICATION = ("report", "unit", "sector", "year", "version", "ground", "reason", "assigned_by", "assigned_at")

BOUND = (
    # A package that is being filled is worked on; under review and accepted it stands for something.
    Bound(
        "reporting.package",
        fixed=("unit", "sector", "period", "year"),
        but=("job", "handing", "risk", "risk_parts"),
        when=Q(state__in=["submitted", "accepted"]),
    ),
    Bound(
        "reporting.packageevent",
        parts=(
            Part("reporting.submittedevidence", "event"),
            Part("reporting.remark", "event"),
            Part("reporting.refusedanswer", "event"),
        ),
    ),
    Bound("reporting.wayofsubmitting"),
    Bound("reporting.handingover", fixed=("package", "submission", "declared", "by", "at")),
    Bound("reporting.upload"),
    # With the content's and the accounts' digests, by which content, terms and totals are checked beside (reporting.integrity.verifying).
    Bound("reporting.submission", but=("content",), parts=(Part("reporting.findingrow", "submission"),)),
    Bound("reporting.findinganswer"),
    Bound("reporting.question"),
    Bound("reporting.reviewerchoice"),
    Bound("reporting.ownreviewday"),
    Bound("reporting.note"),
    Bound("reporting.reply", parts=(Part("reporting.replyfile", "reply"),)),
    Bound("reporting.evidence"),
    Bound("reporting.evidencewithdrawal"),
    Bound("reporting.deadlineextension"),
    Bound("reporting.bulkupload"),
    Bound("reporting.controlplanversion"),
    Bound("reporting.controlplandecision"),
    Bound(
        "reporting.annualreport",
        fixed=REPORT,
        parts=(
            Part("reporting.reportcontent", "report"),
            Part("reporting.reportsource", "report"),
            Part("reporting.reportterm", "report"),
            Part("reporting.reportspan", "report"),
            Part("reporting.reporteddatum", "report"),
            Part("reporting.reportreturn", "report", moves=True),
        ),
    ),
    Bound(
        "reporting.verification",
        fixed=VERIFICATION,
        parts=(
            Part("reporting.verificationevent", "verification", moves=True),
            Part("reporting.verifieddatum", "verification", moves=True),
        ),
    ),
    Bound("reporting.verifiedresult"),
)
ELSEWHERE = {
    "reporting.termrow": "the digest of the accounts in its submission, which is bound",
    "reporting.linetotalrow": "the digest of the accounts in its submission, which is bound",
    "reporting.receipt": "its own signature, and the entry that it was given for",
    "reporting.bulkitem": "what became of a file of a zip: the upload that it became is bound, a refusal gives nobody anything",
    "reporting.peermonth": "made from submissions, which are bound, and made anew every month; it only colours findings",
}


def name() -> None:
    """Say so; asked for when the app is ready."""
    seals.bind(*BOUND)
    seals.elsewhere(ELSEWHERE)
