"""What reporting tells people, and whom."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry import notifications
from registry.law import calendar
from registry.models import Person
from registry.permissions.roles import UNIT_ROLES, Role
from registry.values import figures
from reporting.models import (
    AnnualReport,
    ControlPlan,
    ControlPlanDecision,
    ControlPlanVersion,
    HandingOver,
    Package,
    Verification,
)
from reporting.periods import review_asked

__all__ = ["KINDS", "clerks_of", "of_package", "verification_approved", "verification_concluded"]

KINDS = {
    "package.handed_over": _(
        "%(period)s (%(sector)s) was handed to you: confirm it, and it is submitted, or send it back to the clerk."
    ),
    "package.not_confirmed": _(
        "Your approver has sent back %(period)s (%(sector)s). The reason is on its page: correct it and hand it over again."
    ),
    "package.accepted": _("%(period)s (%(sector)s) was accepted."),
    "package.returned": _(
        "%(period)s (%(sector)s) was sent back. The reason is on its page: correct it and submit it again."
    ),
    "package.reopened": _("%(period)s (%(sector)s) was reopened. Correct it and submit it again by %(due)s."),
    "deadline.extended": _("The deadline of %(period)s (%(sector)s) was extended to %(due)s."),
    "question.asked": _("The officer asks something about %(period)s (%(sector)s)."),
    "question.answered": _("%(unit)s has answered your question about %(period)s (%(sector)s)."),
    "review.given": _("%(by)s has given you %(period)s of %(unit)s (%(sector)s) to review."),
    "review.taken": _("%(by)s has taken %(period)s of %(unit)s (%(sector)s) from you or given it to somebody else."),
    "control_plan.prepared": _(
        "The control plan of %(year)s (%(sector)s) is ready: check it and submit it to the province, or have the clerk change it."
    ),
    "control_plan.submitted": _(
        "%(unit)s has submitted its control plan of %(year)s (%(sector)s): accept it or send it back."
    ),
    "control_plan.accepted": _("The control plan of %(year)s (%(sector)s), version %(version)s, was accepted."),
    "control_plan.returned": _(
        "The control plan of %(year)s (%(sector)s), version %(version)s, was sent back. The reasons are on its page."
    ),
    "report.prepared": _(
        "The annual report of %(year)s (%(sector)s) is prepared: check it and file it, or send it back."
    ),
    "report.filed": _(
        "%(unit)s has filed its annual report of %(year)s (%(sector)s): have it verified, or send it back."
    ),
    "report.filed_own": _("The annual report of %(year)s (%(sector)s) was filed."),
    "report.returned": _(
        "The annual report of %(year)s (%(sector)s) was sent back. The reason is on its page: correct the months it names and prepare it"
        " again."
    ),
    "verification.assigned": _("The annual report of %(unit)s for %(year)s (%(sector)s) is assigned to your body."),
    "verification.withdrawn": _("The verification of %(unit)s for %(year)s (%(sector)s) was withdrawn from your body."),
    "verification.withdrawn_own": _(
        "The verification of %(unit)s for %(year)s (%(sector)s), which you had assigned, was withdrawn from the body by a colleague."
    ),
    "verification.returned": _(
        "The province has sent back the verification of %(unit)s for %(year)s (%(sector)s). The reason is on its page."
    ),
    "verification.taken_back": _(
        "The body has taken back its conclusion on %(unit)s for %(year)s (%(sector)s); it will conclude again."
    ),
    "verification.concluded": _(
        "The verification of %(unit)s for %(year)s (%(sector)s) is concluded and waits for your approval."
    ),
    "verification.approved": _("The verification of %(unit)s for %(year)s (%(sector)s) was approved."),
    "verification.told": _(
        "The result for %(year)s (%(sector)s) is available: %(verified)s t verified, %(reported)s t reported, "
        "%(corrected)s data corrected. A review may be requested until %(until)s."
    ),
    "verification.told_undated": _(
        "The result for %(year)s (%(sector)s) is available: %(verified)s t verified, %(reported)s t reported, "
        "%(corrected)s data corrected. A review may be requested until %(until)s at the latest; the holidays of that "
        "year have not been announced yet."
    ),
    "remind.packages": _("%(unit)s: still to be submitted by %(due)s: %(periods)s."),
    "remind.packages_missed": _(
        "%(unit)s: not submitted by %(due)s, the last day: %(periods)s. Submit it now; it will be marked late."
    ),
    "remind.report": _("The annual report of %(year)s (%(sector)s) is to be filed by %(due)s."),
    "remind.report_missed": _(
        "The annual report of %(year)s (%(sector)s) was not filed by %(due)s, the last day. File it now; it will be marked late."
    ),
    "remind.reviews": _("Packages submitted by %(since)s and still awaiting your review: %(count)s."),
}


def clerks_of(package: Package) -> Q:
    """The unit's clerks, and whoever submitted it, or handed it over to be submitted, under a mandate."""
    confirmed = HandingOver.objects.filter(package=package.pk, ended_by=package.submitted_by_id)
    handed_by = Q(pk__in=confirmed.filter(state=HandingOver.State.CONFIRMED).values("by"))
    submitted_by = Q(pk=package.submitted_by_id, role=Role.UNIT_CLERK)
    return Q(unit=package.unit_id, role=Role.UNIT_CLERK) | submitted_by | handed_by


def of_package(package: Package, people: Q, kind: str, about: int, at: dt.datetime, **params: str) -> None:
    """Tell people what became of a package; `about` is the key of the row, just written, that says so."""
    said = {"period": package.period, "sector": package.sector, **params}
    link = reverse("reporting:package", args=[package.pk])
    who = Person.objects.filter(people).only("is_active")
    notifications.notify(who, kind, f"{kind}:{about}", said, link, at, is_first=True)


def plan_prepared(plan: ControlPlan, at: dt.datetime) -> None:
    """The unit's approvers, who submit it; each time that it is declared ready anew."""
    _of_plan(
        plan, Q(unit=plan.unit_id, role=Role.UNIT_APPROVER), "control_plan.prepared", f"{plan.pk}:{plan.revision}", at
    )


def plan_submitted(plan: ControlPlan, version: ControlPlanVersion, at: dt.datetime) -> None:
    """The province's officers, who decide on it."""
    officers = Q(authority=plan.unit.authority_id, role=Role.PROVINCIAL_OFFICER)
    _of_plan(plan, officers, "control_plan.submitted", str(version.pk), at)


def plan_decided(plan: ControlPlan, decision: ControlPlanDecision, at: dt.datetime) -> None:
    """The unit's people: the clerk wrote it, the approver submitted it."""
    kind = "control_plan.accepted" if decision.accepted else "control_plan.returned"
    people = Q(unit=plan.unit_id, role__in=UNIT_ROLES)
    _of_plan(plan, people, kind, str(decision.pk), at, version=str(decision.version.number))


def _of_plan(plan: ControlPlan, people: Q, kind: str, about: str, at: dt.datetime, **more: str) -> None:
    said = {"unit": plan.unit.name, "year": str(plan.year), "sector": plan.sector, **more}
    link = reverse("reporting:control_plan", args=[plan.pk])
    notifications.notify(Person.objects.filter(people), kind, f"{kind}:{about}", said, link, at)


def report_prepared(report: AnnualReport, at: dt.datetime) -> None:
    """The unit's approvers, who file it or send it back."""
    _of_report(report, Q(unit=report.unit_id, role=Role.UNIT_APPROVER), "report.prepared", at)


def report_filed(report: AnnualReport, at: dt.datetime) -> None:
    """The unit's clerks, and the officers who have it verified."""
    officers = Q(authority=report.unit.authority_id, role=Role.PROVINCIAL_OFFICER)
    _of_report(report, Q(unit=report.unit_id, role=Role.UNIT_CLERK), "report.filed_own", at)
    _of_report(report, officers, "report.filed", at)


def report_returned(report: AnnualReport, at: dt.datetime) -> None:
    """The unit's people: the clerk prepares it again, the approver knows what became of it."""
    _of_report(report, Q(unit=report.unit_id, role__in=UNIT_ROLES), "report.returned", at)


def _of_report(report: AnnualReport, people: Q, kind: str, at: dt.datetime) -> None:
    said = {"unit": report.unit.name, "year": str(report.year), "sector": report.sector}
    link = reverse("reporting:annual_report", args=[report.pk])
    # Each of these happens to a version once.
    notifications.notify(Person.objects.filter(people), kind, f"{kind}:{report.pk}", said, link, at, is_first=True)


def verification_concluded(verification: Verification, about: int, at: dt.datetime) -> None:
    approvers = Q(authority=verification.unit.authority_id, role=Role.PROVINCIAL_APPROVER)
    _of_verification(verification, approvers, "verification.concluded", about, at)


def verification_approved(verification: Verification, about: int, at: dt.datetime) -> None:
    """The unit's people: what was verified, how much of it was corrected, and until when a review may be asked for. The body, and whoever
    assigned it: that it was approved."""
    latest = {row.datum_id: row.value for row in verification.data.order_by("pk")}
    reported = dict(verification.report.data.order_by().values_list("pk", "value"))
    until = review_asked.last_day(at)
    said = {
        "reported": figures.tonnes(verification.report.emissions),
        "verified": figures.tonnes(sum(verification.results.values_list("emissions", flat=True))),
        "corrected": str(sum(value != reported[datum] for datum, value in latest.items())),
        "until": until.isoformat(),
    }
    kind = "verification.told_undated" if isinstance(until, calendar.LatestDay) else "verification.told"
    _of_verification(verification, Q(unit=verification.unit_id, role__in=UNIT_ROLES), kind, about, at, **said)
    theirs = _verifiers(verification) | Q(pk=verification.assigned_by_id)
    _of_verification(verification, theirs, "verification.approved", about, at)


def verification_assigned(verification: Verification, about: int, at: dt.datetime) -> None:
    _of_verification(verification, _verifiers(verification), "verification.assigned", about, at)


def verification_withdrawn(verification: Verification, about: int, at: dt.datetime) -> None:
    _of_verification(verification, _verifiers(verification), "verification.withdrawn", about, at)
    if verification.events.get(pk=about).by_id != verification.assigned_by_id:
        _of_verification(verification, Q(pk=verification.assigned_by_id), "verification.withdrawn_own", about, at)


def verification_returned(verification: Verification, about: int, at: dt.datetime) -> None:
    _of_verification(verification, _verifiers(verification), "verification.returned", about, at)


def verification_taken_back(verification: Verification, about: int, at: dt.datetime) -> None:
    approvers = Q(authority=verification.unit.authority_id, role=Role.PROVINCIAL_APPROVER)
    _of_verification(verification, approvers, "verification.taken_back", about, at)


def _verifiers(verification: Verification) -> Q:
    return Q(body=verification.body_id, role=Role.VERIFIER)


def _of_verification(
    verification: Verification, people: Q, kind: str, about: int, at: dt.datetime, **more: str
) -> None:
    said = {"unit": verification.unit.name, "year": str(verification.year), "sector": verification.sector, **more}
    link = reverse("reporting:verification", args=[verification.pk])
    notifications.notify(Person.objects.filter(people), kind, f"{kind}:{about}", said, link, at, is_first=True)
