"""What reporting's acts and jobs are called in the journal and the list of jobs."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "package.uploaded": _("package: workbook uploaded"),
    "package.uploaded_again": _("package: the same workbook uploaded again"),
    "package.read": _("package: workbook read"),
    "package.made_current": _("package: earlier version current again"),
    "package.warning_answered": _("package: warning answered"),
    "package.evidence_attached": _("package: supporting files attached"),
    "package.evidence_withdrawn": _("package: supporting file withdrawn"),
    "package.submitted": _("package: submitted"),
    "package.accepted": _("package: accepted"),
    "package.returned": _("package: sent back"),
    "package.question_asked": _("package: question asked"),
    "package.question_answered": _("package: question answered"),
    "package.bulk_acceptance_asked": _("packages: acceptance in bulk asked for"),
    "deadline.extended": _("package: deadline extended"),
    "receipt.broken": _("receipt: found broken"),
    "result.departs": _("verified result: not what was approved"),
    "bulk.uploaded": _("bulk upload: zip received"),
    "bulk.submission_asked": _("bulk upload: submission without findings asked for"),
    "control_plan.prepared": _("control plan: prepared"),
    "control_plan.submitted": _("control plan: submitted"),
    "control_plan.accepted": _("control plan: accepted"),
    "control_plan.returned": _("control plan: sent back"),
    "control_plan.revised": _("control plan: change begun"),
    "report.prepared": _("annual report: prepared"),
    "report.filed": _("annual report: filed"),
    "report.returned": _("annual report: sent back"),
    "verification.assigned": _("verification: assigned"),
    "verification.settled": _("verification: data settled"),
    "verification.concluded": _("verification: concluded"),
    "verification.returned": _("verification: sent back"),
    "verification.taken_back": _("verification: conclusion taken back"),
    "verification.withdrawn": _("verification: withdrawn from the body"),
    "verification.approved": _("verification: approved"),
}
THINGS = {
    "reporting.bulkupload": _("bulk upload"),
    "reporting.package": _("package"),
    "reporting.controlplan": _("data quality control plan"),
    "reporting.annualreport": _("annual report"),
    "reporting.verification": _("verification"),
    "reporting.verifiedresult": _("verified result"),
}
JOBS = {
    "reporting.bulk": _("Taking in a zip of workbooks"),
    "reporting.bulk_submit": _("Submitting packages without findings"),
    "reporting.bulk_accept": _("Accepting packages in bulk"),
    "reporting.weigh_nightly": _("Ordering what waits for officers, at night"),
    "reporting.read": _("Reading the workbook"),
    "reporting.verify_receipts": _("Verifying the receipts"),
    "reporting.verify_results": _("Checking verified results against their approval"),
    "reporting.peers": _("Comparing lines with their peers"),
    "reporting.peers_nightly": _("Comparing lines with their peers, at night"),
}

# How a workbook came in (reporting.intake).
WAYS = {
    "file": _("as a file"),
    "page": _("typed on the page"),
    "bulk": _("among several files"),
    "api": _("through the API"),
}
