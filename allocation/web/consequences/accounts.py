"""Accounts that are frozen, and trades that are carried out."""

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allocation.compliance import after_trades
from allocation.ledger import trades
from allocation.models import Account, TradeImport, TradeRow
from registry.access import SignedInRequest
from registry.law import clock
from registry.values.figures import tonnes
from registry.web.confirming import Change, Consequence, Consequential, as_posted
from registry.web.reasons import reason_form, reason_of

__all__ = ["EXECUTION", "FREEZING"]

BOOKED = gettext_lazy("All of the trades are booked by a job, or none; the table's page shows the outcome.")


def _freezing(request: SignedInRequest, row: Account) -> Consequence:
    sums = row.holdings.aggregate(held=Sum("amount", default=0), reserved=Sum("reserved", default=0))
    free = sums["held"] - sums["reserved"]
    typed = reason_of(request) if "reason" in request.POST else ""
    said = {"account": row}
    stopped = [] if row.frozen else _stopped(row, sums["reserved"])
    changes = [Change(_("Quota that can leave the account (t)"), 0 if row.frozen else free, free if row.frozen else 0)]
    return Consequence(
        _("You are about to unfreeze: %(account)s") % said
        if row.frozen
        else _("You are about to freeze: %(account)s") % said,
        _("Unfreeze") if row.frozen else _("Freeze"),
        facts=[(_("Held"), _("%(tonnes)s t") % {"tonnes": tonnes(sums["held"])})],
        typed=[(_("Reason"), typed)] if typed else [],
        changes=changes,
        touches=[str(row.unit or row.held_for or row.authority)],
        warnings=stopped,
        final=_("It can be frozen again.")
        if row.frozen
        else _("Until it is unfrozen nothing leaves the account: no trade, no surrender, no return."),
        tone="primary" if row.frozen else "danger",
        form=None if typed else reason_form(request, row.pk, "allocation:account_freeze"),
        fields={"act": "unfreeze" if row.frozen else "freeze"},
    )


def _stopped(row: Account, reserved: int) -> list[str]:
    """What is under way and could not be executed while the account is frozen."""
    found = []
    if reserved:
        found.append(
            _(
                "%(tonnes)s t are reserved for pending surrenders, which can't be executed until the account is unfrozen."
            )
            % {"tonnes": tonnes(reserved)}
        )
    waiting = TradeRow.objects.filter(seller=row, known=False, imported__state=TradeImport.State.PROPOSED)
    sold = waiting.aggregate(quantity=Sum("quantity", default=0), tables=Count("imported", distinct=True))
    if sold["tables"]:
        said = ngettext(
            "%(count)s pending table of trades has this account sell %(tonnes)s t: nothing of that table can be executed.",
            "%(count)s pending tables of trades have this account sell %(tonnes)s t: nothing of those tables can be executed.",
            sold["tables"],
        )
        found.append(said % {"count": sold["tables"], "tonnes": tonnes(sold["quantity"])})
    return found


def _executing(request: SignedInRequest, row: TradeImport) -> Consequence:
    count, quantity = trades.moved(row)
    kept = after_trades.kept(row, clock.today())
    lacking = sum(1 for each in kept if each.lacking)
    short = ngettext(
        "%(count)s unit holds less than it owes once the trades are booked.",
        "%(count)s units hold less than they owe once the trades are booked.",
        lacking,
    )
    said = {"count": tonnes(count), "tonnes": tonnes(quantity)}
    return Consequence(
        _("You are about to book %(count)s trades over %(tonnes)s t") % said,
        _("Execute the trades"),
        facts=[(_("File"), row.name), (_("Proposed by"), row.proposed_by), ("sha256", row.sha256)],
        touches=[ngettext("%(count)s unit", "%(count)s units", len(kept)) % {"count": len(kept)}],
        warnings=[short % {"count": lacking}] if lacking else [],
        final=_("Booked trades can't be taken back; a mistake needs a trade the other way."),
        fields={"sha256": as_posted(request, "sha256", row.sha256)},
        tone="danger",
    )


FREEZING = Consequential(
    _freezing,
    ["account.frozen", "account.unfrozen"],
    page=lambda row: reverse("allocation:account", args=[row.pk]),
    then=gettext_lazy("The reason stands in the journal and on the account's page."),
)
EXECUTION = Consequential(
    _executing, ["trades.execution_requested"], [TradeImport.State.PROPOSED, TradeImport.State.EXECUTING], then=BOOKED
)
