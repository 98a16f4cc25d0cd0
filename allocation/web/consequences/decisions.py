"""Decisions of the province that cut a unit's quota or keep it back: what each takes effect on."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allocation import deductions
from allocation.deductions import figures, revocations
from allocation.models import Account, Deduction, Differentiation, Holding, Release, Revocation
from allocation.withholding import designations
from registry.access import SignedInRequest
from registry.law import clock
from registry.refusal import Refusal
from registry.values.figures import day, tonnes
from registry.web.confirming import Change, Consequence, Consequential, as_posted

__all__ = [
    "DEDUCTION",
    "DEDUCTIONS",
    "DESIGNATION",
    "LIFTING",
    "RELEASE_APPROVAL",
    "RELEASE_EXECUTION",
    "REVOCATION",
    "sure_deductions",
]

DEDUCTED = gettext_lazy("The next run of the sector deducts it; the unit is told now.")
REVOKED = gettext_lazy("The next determination returns what the decision has deducted; the unit is told now.")
DESIGNATED = gettext_lazy(
    "The quota that is determined for the unit goes into the province's account. The unit is told."
)
LIFTED = gettext_lazy("The quota is issued to the unit as to any other. The unit is told.")
RELEASING = gettext_lazy("The registrar executes it.")
RELEASED = gettext_lazy("The unit is told and finds the quota in its account.")


def _decision(row: Deduction) -> list[tuple[str, object]]:
    return [
        (_("Document number"), row.number),
        (_("Decision of"), day(row.decided_on)),
        (_("Unit"), row.unit),
        (_("Sector"), row.get_sector_display()),
        (_("Ground of the deduction"), row.get_ground_display()),
        (_("Tonnes"), _("%(tonnes)s t") % {"tonnes": tonnes(row.tonnes)}),
    ]


def _deducting(request: SignedInRequest, row: Deduction) -> Consequence:
    ((asked, known),) = figures.of_rows([row], clock.now())
    left = [] if known.quota is None else [_beside(known.quota, known.others, row.tonnes, known.quota_year)]
    return Consequence(
        _("You are about to approve a deduction of %(tonnes)s t from the quota of %(unit)s")
        % {"tonnes": tonnes(row.tonnes), "unit": row.unit},
        _("Approve the deduction"),
        facts=_decision(row),
        changes=[
            Change(_("Still to be deducted from the unit (t)"), known.others, known.others + row.tonnes),
            *left,
        ],
        touches=[str(row.unit)],
        warnings=figures.doubts(asked, known),
        final=_("A decision in force can't be changed; only a document that revokes it ends it."),
        fields={"shown": as_posted(request, "shown", deductions.seen([row]))},
    )


def sure_deductions(request: SignedInRequest) -> list[Deduction]:
    """What waits for the person and isn't doubtful."""
    waiting = deductions.waiting(request.user.authority_id, request.user)
    doubtful = deductions.doubtful(waiting, clock.now())
    return [row for row in waiting if row.pk not in doubtful]


def _deducting_all(request: SignedInRequest, _row: None) -> Consequence:
    sure = sure_deductions(request)
    shown = deductions.seen(sure)
    if not sure or request.POST.get("shown", shown) != shown:
        raise Refusal(_("What awaits approval has changed since you viewed it; review it again."))
    title = ngettext(
        "You are about to approve %(count)s deduction of %(tonnes)s t altogether",
        "You are about to approve %(count)s deductions of %(tonnes)s t altogether",
        len(sure),
    )
    total = sum(row.tonnes for row in sure)
    changes = []
    for row, (_asked, known) in zip(sure, figures.of_rows(sure, clock.now()), strict=True):
        label = _("%(unit)s, %(number)s: still to be deducted (t)") % {"unit": row.unit, "number": row.number}
        changes.append(Change(label, known.others, known.others + row.tonnes))
    return Consequence(
        title % {"count": len(sure), "tonnes": tonnes(total)},
        _("Approve the deductions"),
        facts=[
            (_("Decisions"), str(len(sure))),
            (_("Units"), str(len({row.unit_id for row in sure}))),
            (_("Tonnes"), _("%(tonnes)s t") % {"tonnes": tonnes(total)}),
        ],
        changes=changes,
        touches=[str(unit) for unit in dict.fromkeys(row.unit for row in sure)],
        final=_("A decision in force can't be changed; only a document that revokes it ends it."),
        fields={"shown": shown},
    )


def _beside(quota: int, others: int, new: int, year: int | None) -> Change:
    label = _("Quota of %(year)s less what is still to be deducted (t)") % {"year": year}
    return Change(label, quota - others, quota - others - new)


def _revoking(_request: SignedInRequest, row: Deduction) -> Consequence:
    revocation = revocations.of(row)
    if revocation is None or revocation.state != Revocation.State.PROPOSED:
        raise Refusal(_("No revocation of this decision is entered."))
    return Consequence(
        _("You are about to approve the revocation of decision %(number)s") % {"number": row.number},
        _("Approve the revocation"),
        facts=[*_decision(row), (_("Revoked by document"), revocation.number)],
        touches=[str(row.unit)],
        final=_("A decision that was revoked deducts nothing any more, for good."),
    )


def _mark(row: Differentiation) -> list[tuple[str, object]]:
    return [
        (_("Unit"), row.unit),
        (_("Sector"), row.get_sector_display()),
        (_("Year"), str(row.year)),
        (_("Circumstances"), row.facts),
    ]


def _designating(request: SignedInRequest, row: Differentiation) -> Consequence:
    said = {"unit": row.unit, "year": row.year}
    return Consequence(
        _("You are about to designate %(unit)s for differentiated issuance in %(year)s") % said,
        _("Approve the designation"),
        facts=_mark(row),
        touches=[_("%(unit)s: it gets none of its quota of %(year)s into its own account") % said],
        final=_("Once a determination is approved with it, the designation can't be lifted."),
        fields={"shown": as_posted(request, "shown", designations.seen(row))},
    )


def _lifting(_request: SignedInRequest, row: Differentiation) -> Consequence:
    return Consequence(
        _("You are about to lift the designation of %(unit)s for %(year)s") % {"unit": row.unit, "year": row.year},
        _("Lift the designation"),
        facts=[*_mark(row), (_("Reason"), row.lift_reason)],
        touches=[str(row.unit)],
        final=_("To withhold again, the unit has to be designated anew."),
    )


def _release(row: Release) -> list[Change]:
    held = Holding.objects.filter(vintage=row.year)
    own = held.filter(account__unit=row.unit_id, account__kind=Account.Kind.UNIT).first()
    apart = held.filter(account__held_for=row.unit_id).first()
    said = {"year": row.year}
    before, kept = own.amount if own else 0, apart.amount if apart else 0
    return [
        Change(_("Withheld of vintage %(year)s (t)") % said, kept, kept - row.tonnes),
        Change(_("In the unit's account of vintage %(year)s (t)") % said, before, before + row.tonnes),
    ]


def _releasing(row: Release, title: str, button: str, tone: str) -> Consequence:
    return Consequence(
        title % {"tonnes": tonnes(row.tonnes), "unit": row.unit},
        button,
        facts=[(_("Unit"), row.unit), (_("Document number"), row.number)],
        changes=_release(row),
        touches=[str(row.unit)],
        final=_("What is in the unit's account can be sold at once."),
        tone=tone,
    )


def _approving_release(_request: SignedInRequest, row: Release) -> Consequence:
    title = _("You are about to approve the release of %(tonnes)s t to %(unit)s")
    return _releasing(row, title, _("Approve the release"), "primary")


def _executing_release(_request: SignedInRequest, row: Release) -> Consequence:
    return _releasing(row, _("You are about to release %(tonnes)s t to %(unit)s"), _("Execute the release"), "danger")


def _deduction_page(row: Deduction | None) -> str:
    """The decision's page; of many the list."""
    return reverse("allocation:deduction", args=[row.pk]) if row else reverse("allocation:deductions")


DEDUCTIONS = Consequential(_deducting_all, ["deduction.approved"], page=_deduction_page, then=DEDUCTED)
DEDUCTION = Consequential(_deducting, ["deduction.approved"], [Deduction.State.PROPOSED], then=DEDUCTED)
REVOCATION = Consequential(_revoking, ["revocation.approved"], [Deduction.State.APPROVED], then=REVOKED)
DESIGNATION = Consequential(
    _designating, ["differentiation.approved"], [Differentiation.State.PROPOSED], then=DESIGNATED
)
LIFTING = Consequential(_lifting, ["differentiation.lifted"], [Differentiation.State.APPROVED], then=LIFTED)
RELEASE_APPROVAL = Consequential(_approving_release, ["release.approved"], [Release.State.PROPOSED], then=RELEASING)
RELEASE_EXECUTION = Consequential(_executing_release, ["release.executed"], [Release.State.APPROVED], then=RELEASED)
