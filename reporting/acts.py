"""What reporting's acts and jobs are called in the journal and the list of jobs."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "package.uploaded": _("package: workbook uploaded"),
    "package.read": _("package: workbook read"),
    "package.warning_answered": _("package: warning answered"),
    "package.submitted": _("package: submitted"),
    "package.accepted": _("package: accepted"),
    "package.returned": _("package: sent back"),
    "receipt.broken": _("receipt: found broken"),
    "report.prepared": _("annual report: prepared"),
    "report.filed": _("annual report: filed"),
    "verification.assigned": _("verification: assigned"),
    "verification.settled": _("verification: data settled"),
    "verification.concluded": _("verification: concluded"),
    "verification.returned": _("verification: sent back"),
    "verification.approved": _("verification: approved"),
}
THINGS = {
    "reporting.package": _("package"),
    "reporting.annualreport": _("annual report"),
    "reporting.verification": _("verification"),
}
JOBS = {
    "reporting.read": _("Reading the workbook"),
    "reporting.verify_receipts": _("Verifying the receipts"),
    "reporting.peers": _("Comparing lines with their peers"),
    "reporting.peers_nightly": _("Comparing lines with their peers, at night"),
}
