"""Surrender, step by step: what each signature changes for the unit's holdings and its duty."""

from django.utils.translation import gettext as _

from allocation.compliance import owed, surrender
from allocation.models import Certificate, SurrenderRequest
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import JournalEntry
from registry.permissions import Act
from registry.values.figures import tonnes
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential

__all__ = ["APPROVAL", "CONFIRMATION", "EXECUTION"]

State = SurrenderRequest.State


def _figures(row: SurrenderRequest) -> list[Change]:
    """The unit's holdings by vintage and its duty, as they are and once the request is executed."""
    changes = [
        Change(_("Held of vintage %(vintage)s (t)") % {"vintage": part.vintage}, part.held, part.held - part.quantity)
        for part in surrender.left_after(row)
    ]
    due, done = owed.due(row.notice, clock.now()), surrender.surrendered(row.notice)
    said = {"year": row.year}
    return [
        *changes,
        Change(_("Surrendered for %(year)s (t)") % said, done, done + row.total),
        Change(
            _("Still to be surrendered for %(year)s (t)") % said, max(0, due - done), max(0, due - done - row.total)
        ),
    ]


def _facts(row: SurrenderRequest) -> list[tuple[str, object]]:
    return [
        (_("Unit"), row.unit),
        (_("Quantity"), _("%(tonnes)s t") % {"tonnes": tonnes(row.total)}),
        (_("Compliance notice"), row.notice.number),
    ]


def _warnings(row: SurrenderRequest) -> list[str]:
    if clock.now() <= row.notice.deadline_instant:
        return []
    return [_("The deadline has passed: the surrender is marked late.")]


def _said(row: SurrenderRequest) -> dict[str, object]:
    return {"unit": row.unit, "tonnes": tonnes(row.total), "year": row.year}


def _confirming(_request: SignedInRequest, row: SurrenderRequest) -> Consequence:
    return Consequence(
        _("You are about to confirm the surrender of %(tonnes)s t for %(year)s") % _said(row),
        _("Confirm on behalf of the unit"),
        facts=_facts(row),
        changes=_figures(row),
        touches=[_("Your unit's account; the tonnes stay reserved until the registrar executes the request.")],
        warnings=_warnings(row),
        final=_("Once it is executed, surrendered quota never comes back. Until then it can be withdrawn."),
        then=_("The province approves it, then the registrar executes it."),
        by=row.notice.deadline,
        declares=True,
    )


def _approving(_request: SignedInRequest, row: SurrenderRequest) -> Consequence:
    return Consequence(
        _("You are about to approve the surrender of %(tonnes)s t by %(unit)s for %(year)s") % _said(row),
        _("Approve the surrender"),
        facts=_facts(row),
        changes=_figures(row),
        touches=[
            _("The account of %(unit)s; the figures change once the registrar executes the request.") % _said(row)
        ],
        warnings=_warnings(row),
        final=_("After your approval only the registrar can still refuse it."),
        then=_("The registrar executes it."),
        by=row.notice.deadline,
    )


def _executing(_request: SignedInRequest, row: SurrenderRequest) -> Consequence:
    return Consequence(
        _("You are about to surrender %(tonnes)s t of %(unit)s for %(year)s for good") % _said(row),
        _("Execute the surrender"),
        facts=_facts(row),
        changes=_figures(row),
        touches=[_("The account of %(unit)s, and the account of surrendered quota.") % _said(row)],
        warnings=_warnings(row),
        final=_("Surrendered quota can't be given back."),
        then=_("The unit is told. What completes its obligation brings its certificate at once."),
        tone="danger",
    )


def _confirmed(_request: SignedInRequest, _entry: JournalEntry, row: SurrenderRequest) -> After:
    return After(
        _("Surrender of %(tonnes)s t for %(year)s confirmed") % _said(row),
        facts=_facts(row),
        then=_(
            "The province approves it, then the registrar executes it. You will find its state on the request's page."
        ),
        by=row.notice.deadline,
    )


def _approved(_request: SignedInRequest, _entry: JournalEntry, row: SurrenderRequest) -> After:
    return After(
        _("Surrender of %(tonnes)s t by %(unit)s approved") % _said(row),
        facts=_facts(row),
        then=_("The registrar executes it; the unit has been told."),
        by=row.notice.deadline,
        links=[link(_("Other requests"), "allocation:surrenders", query=f"state={State.CONFIRMED}")],
    )


def _executed(request: SignedInRequest, _entry: JournalEntry, row: SurrenderRequest) -> After:
    papers = access.scoped(request.user, Act.VIEW_CERTIFICATE, Certificate.objects.filter(notice=row.notice_id))
    certificate = papers.order_by("-pk").first()
    moved = [(_("Transaction"), posted.pk) for posted in row.transactions.all()]
    due = max(0, owed.due(row.notice, clock.now()) - surrender.surrendered(row.notice))
    return After(
        _("%(tonnes)s t of %(unit)s surrendered for %(year)s") % _said(row),
        facts=[*_facts(row), *moved, (_("Still to be surrendered"), _("%(tonnes)s t") % {"tonnes": tonnes(due)})],
        then=_("The unit has been told.")
        if due
        else _("The obligation is met: the unit has been told and has its certificate."),
        links=[
            link(_("To the certificate"), "allocation:certificate", certificate.pk) if certificate else None,
            link(_("Other requests"), "allocation:surrenders", query=f"state={State.APPROVED}"),
        ],
    )


CONFIRMATION = Consequential(_confirming, ["surrender.confirmed"], [State.REQUESTED], _confirmed)
APPROVAL = Consequential(_approving, ["surrender.approved"], [State.CONFIRMED], _approved)
EXECUTION = Consequential(_executing, ["surrender.executed"], [State.APPROVED], _executed)
