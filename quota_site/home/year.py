"""A unit's year in one sector as steps on the way to the certificate."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from allocation.queries.quota_years import QuotaYear
from registry.law import calendar
from registry.values.figures import tonnes
from reporting.models import AnnualReport, Verification
from reporting.periods import has_months
from reporting.queries import SectorYear


@dataclass(frozen=True, slots=True)
class Step:
    """One step as templates/partials/steps.html shows it; `state` is done, current, late, todo or none."""

    label: str
    done: bool
    note: str
    url: str
    due: dt.date | None
    state: str = ""


def steps(board: SectorYear, quota: QuotaYear | None, day: dt.date) -> list[Step]:
    """The steps in order; the first that is not done is the current one, or late once its day has passed."""
    return _marked([*_evidence(board), *_quota(board, quota), *_duty(board, quota)], day)


def _evidence(board: SectorYear) -> list[Step]:
    year_page = _year_page(board)
    report, verification = board.report, board.verification
    filed = report is not None and report.state == AnnualReport.State.FILED
    # One that is made again leaves the first result standing, and has no term of its own.
    again = verification is not None and verification.is_open and bool(verification.ground)
    approved = again or (verification is not None and verification.state == Verification.State.APPROVED)
    total = len(board.asked)
    return [
        Step(
            _("Monthly evidence") if has_months(board.year) else _("Year workbook"),
            board.accepted == total,
            _("%(accepted)s of %(total)s accepted") % {"accepted": board.accepted, "total": total},
            year_page,
            max((card.due for card in board.asked), default=None),
        ),
        Step(
            _("Annual report"),
            filed,
            _reported(report),
            reverse("reporting:annual_report", args=[report.pk]) if report is not None else "",
            board.report_due,
        ),
        Step(
            _("Verification"),
            approved,
            _("is being re-verified") if again else "",
            reverse("reporting:verification", args=[verification.pk]) if verification is not None else "",
            calendar.yearly_deadline("verification", board.year),
        ),
    ]


def _reported(report: AnnualReport | None) -> str:
    """Nothing is reported before it is filed."""
    if report is None:
        return ""
    if report.state != AnnualReport.State.FILED:
        return str(report.get_state_display())
    return _("%(tonnes)s t reported") % {"tonnes": tonnes(report.emissions)}


def _quota(board: SectorYear, quota: QuotaYear | None) -> list[Step]:
    """Of the runs in force alone: a re-determination has taken the place of the first."""
    settled = [row for row in quota.standing_settlements if row.run.sector == board.sector] if quota else []
    determined = [row.determined for row in settled if row.run.kind == "determination"]
    issued = bool(determined) and all(
        row.run.letter is not None and row.run.letter.state == "executed" for row in settled
    )
    page = reverse("allocation:quota")
    withheld = sum(row.withholding.tonnes for row in settled if hasattr(row, "withholding"))
    return [
        Step(
            _("Quota determined"),
            bool(determined),
            _("%(tonnes)s t") % {"tonnes": tonnes(sum(determined))} if determined else "",
            page if determined else "",
            calendar.yearly_deadline("determination", board.year),
        ),
        Step(
            _("Quota issued"),
            issued,
            _withheld(withheld) if issued else "",
            page if issued else "",
            calendar.yearly_deadline("issue", board.year),
        ),
    ]


def _withheld(tonnes_withheld: int) -> str:
    """What of the issued quota isn't in the unit's own account; "" where all of it is."""
    return _("%(tonnes)s t of it withheld") % {"tonnes": tonnes(tonnes_withheld)} if tonnes_withheld else ""


def _duty(board: SectorYear, quota: QuotaYear | None) -> list[Step]:
    """The sector's own part of the unit's duty; the certificate is over all of it."""
    notice = quota.notice if quota else None
    part = quota.parts.get(board.sector) if quota else None
    done = part is not None and not part.missing
    certificate = quota.certificate if quota else None
    due = calendar.yearly_deadline("surrender", board.year)
    return [
        Step(
            _("Compliance notice"),
            notice is not None,
            _("%(tonnes)s t due") % {"tonnes": tonnes(part.due)} if part else "",
            reverse("allocation:notice", args=[notice.pk]) if notice else "",
            None,
        ),
        Step(
            _("Surrender"),
            done,
            _("%(tonnes)s t missing") % {"tonnes": tonnes(part.missing)} if part and not done else "",
            reverse("allocation:surrenders"),
            due,
        ),
        Step(
            _("Certificate"),
            certificate is not None,
            certificate.number if certificate else "",
            reverse("allocation:certificate", args=[certificate.pk]) if certificate else "",
            None,
        ),
    ]


def _marked(found: list[Step], day: dt.date) -> list[Step]:
    marked, current_seen = [], False
    for step in found:
        state = "done"
        if not step.done:
            state = "todo" if current_seen else "current"
            if not current_seen and step.due is not None and step.due < day:
                state = "late"
            current_seen = True
        note = step.note or (step.due.isoformat() if step.due and not step.done else "")
        marked.append(Step(step.label, step.done, note, step.url, step.due, state))
    return marked


def _year_page(board: SectorYear) -> str:
    unit = next((card.package.unit_id for card in board.cards if card.package), None)
    return reverse("reporting:unit_year", args=[unit, board.year]) if unit else reverse("reporting:packages")
