"""What allocation keeps of a unit and of a line: how the unit stands with each year's duty, the ways to its quota, account and surrenders,
its papers; a line's quota year by year."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from allocation.compliance import owed
from allocation.method.compliance_status import Standing, status
from allocation.models import AdjustmentNotice, Award, Certificate, Notice, Run, Settlement, SurrenderRequest
from allocation.queries.pages import awards
from allocation.scope import runs_in_force
from registry import access
from registry.directory.dossier import Asked, Kept, OfLine, Part, Section
from registry.law import calendar
from registry.permissions import Act
from registry.values.figures import tonnes

__all__ = ["Duty", "Paper", "of_line", "of_unit"]


@dataclass(frozen=True, slots=True)
class Duty:
    """How the unit stands with a year's duty; `determined` are the tonnes due of a year for which no notice has been sent."""

    year: int
    standing: Standing
    deadline: dt.date | None
    notice: Notice | None = None
    determined: int | None = None

    @property
    def due(self) -> int:
        return self.standing.due if self.determined is None else self.determined


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that the unit was sent."""

    kind: str | Promise
    number: str
    year: int
    at: dt.datetime
    url: str


def of_unit(asked: Asked) -> Kept:
    """How the unit stands on top, the sections in the order of a year's work, and its papers on the page itself; as of the day."""
    notices = list(_notices(asked)) if asked.may(Act.VIEW_NOTICE) or asked.may(Act.VIEW_COMPLIANCE) else []
    top = (Part("allocation/parts/unit_duty.html", {"duties": _duties(asked, notices)}),)
    papers = _papers(asked, notices)
    made = (_quota(asked), _account(asked), _surrenders(asked), _way_to_papers(papers))
    return Kept(
        top if asked.may(Act.VIEW_COMPLIANCE) else (),
        tuple(section for section in made if section is not None),
        (Part("allocation/parts/unit_papers.html", {"papers": papers}),) if papers else (),
    )


def _notices(asked: Asked) -> "Iterable[Notice]":
    return owed.stated(Notice.objects.filter(unit=asked.unit), asked.end).order_by("-year")


def _duties(asked: Asked, notices: Sequence[Notice]) -> list[Duty]:
    """Of each year with a duty, the latest first. Two queries."""
    if not asked.may(Act.VIEW_COMPLIANCE):
        return []
    executed = owed.surrenders(Notice.objects.filter(unit=asked.unit), asked.end)
    found = [
        Duty(
            notice.year,
            status(notice.due_then, executed[notice.pk], notice.deadline, asked.day),  # type: ignore[attr-defined]
            notice.deadline,
            notice,
        )
        for notice in notices
    ]
    told = {notice.year for notice in notices}
    rows = Settlement.objects.filter(
        unit=asked.unit, run__kind=Run.Kind.DETERMINATION, run__in=runs_in_force.runs(asked.end)
    )
    untold = rows.order_by().exclude(run__year__in=told).values_list("run__year").annotate(Sum("due"))
    found += [
        Duty(year, status(None, [], None, asked.day), calendar.yearly_deadline("surrender", year), determined=due)
        for year, due in untold
    ]
    return sorted(found, key=lambda one: -one.year)


def _quota(asked: Asked) -> Section | None:
    if not asked.may(Act.VIEW_AWARD):
        return None
    approved = Settlement.objects.filter(
        unit=asked.unit, run__state=Run.State.APPROVED, run__approved_at__lte=asked.end
    ).order_by("-run__year", "-run__approved_at", "-pk")
    latest = approved.values_list("run__year", "run__kind").first()
    said = (
        _("%(year)s: %(state)s") % {"year": latest[0], "state": Run.Kind(latest[1]).label} if latest else _("none yet")
    )
    return Section(_("Quota"), _dated(asked, "allocation:quota_of", asked.unit.pk), said)


def _account(asked: Asked) -> Section | None:
    if not asked.may(Act.VIEW_ACCOUNT):
        return None
    counted = Q(entries__transaction__at__lte=asked.end)
    found = asked.unit.accounts.annotate(held=Sum("entries__amount", filter=counted, default=0)).first()
    if found is None:
        return None
    url = _dated(asked, "allocation:account", found.pk)
    if found.frozen and not asked.is_past:
        return Section(_("Account"), url, _("frozen"), "danger")
    return Section(_("Account"), url, _("%(tonnes)s t held") % {"tonnes": tonnes(found.held)})


def _surrenders(asked: Asked) -> Section | None:
    if not asked.may(Act.VIEW_SURRENDER):
        return None
    rows = SurrenderRequest.objects.filter(unit=asked.unit, requested_at__lte=asked.end)
    under_way = Count("pk", filter=Q(state__in=SurrenderRequest.OPEN))
    count = rows.aggregate(all=Count("pk"), under_way=under_way)
    url = f"{reverse('allocation:surrenders')}?{urlencode({'q': asked.unit.credit_code})}"
    if count["under_way"] and not asked.is_past:
        return Section(_("Surrender"), url, _("%(count)s under way") % {"count": count["under_way"]}, "info")
    return Section(_("Surrender"), url, str(count["all"]) if count["all"] else _("none yet"))


def _way_to_papers(papers: Sequence[Paper]) -> Section | None:
    return Section(_("Papers"), "#papers", str(len(papers))) if papers else None


def _papers(asked: Asked, notices: Sequence[Notice]) -> list[Paper]:
    """Notices, adjustment notices, certificates: those written by the end of the day, the latest first. Two queries."""
    found = []
    if asked.may(Act.VIEW_NOTICE):
        found += [_paper(_("Compliance notice"), one, one.sent_at, "allocation:notice") for one in notices]
        sent = AdjustmentNotice.objects.filter(unit=asked.unit, sent_at__lte=asked.end)
        found += [_paper(_("Adjustment notice"), one, one.sent_at, "allocation:adjustment") for one in sent]
    if asked.may(Act.VIEW_CERTIFICATE):
        issued = Certificate.objects.filter(unit=asked.unit, issued_at__lte=asked.end).defer("content")
        found += [_paper(_("Compliance certificate"), one, one.issued_at, "allocation:certificate") for one in issued]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _paper(kind: str, one: Notice | AdjustmentNotice | Certificate, at: dt.datetime, page: str) -> Paper:
    return Paper(kind, one.number, one.year, at, reverse(page, args=[one.pk]))


def _dated(asked: Asked, page: str, *args: object) -> str:
    """The page of the same day."""
    return reverse(page, args=args) + (f"?as_of={asked.day.isoformat()}" if asked.is_past else "")


def of_line(asked: OfLine) -> Iterator[Part]:
    """What approved runs gave the line by the end of the day, the latest first, each with the way to why."""
    if not access.reaches(asked.person, Act.VIEW_AWARD, asked.line.unit):
        return
    approved = Q(run__state=Run.State.APPROVED, run__approved_at__lte=asked.end)
    rows = awards(asked.person).filter(approved, line=asked.line).defer("run__manifest", "explanation")
    in_force = set(runs_in_force.runs(asked.end).filter(awards__line=asked.line).values_list("pk", flat=True))
    shown: list[tuple[Award, bool]] = [
        (award, award.run_id in in_force) for award in rows.order_by("-run__year", "-run__approved_at", "-pk")
    ]
    yield Part("allocation/parts/line_awards.html", {"awards": shown})
