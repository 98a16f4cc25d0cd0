"""Letters and the registrar's issue: what leaves the province's hands, and whose accounts the quota reaches."""

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allocation.letters import issuance
from allocation.models import Account, Holding, Letter, Settlement
from allocation.scope import movements
from registry.access import SignedInRequest
from registry.models import JournalEntry
from registry.values.figures import tonnes
from registry.web.buttons import Button, link
from registry.web.confirming import After, Change, Consequence, Consequential

__all__ = ["COLLECTION", "EXECUTION", "PREPARATION", "SENDING"]

State = Letter.State


def _facts(row: Letter) -> list[tuple[str, object]]:
    return [
        (_("Letter"), row.number),
        (_("Authority"), row.authority),
        (_("Year and kind"), f"{row.year} · {row.get_kind_display()}"),
        (_("Quota to issue"), _("%(tonnes)s t") % {"tonnes": tonnes(row.total)}),
        (_("Quota to be returned"), _("%(tonnes)s t") % {"tonnes": tonnes(row.to_return)}),
    ]


def _touches(row: Letter) -> list[str]:
    """Which units' accounts are reached, by what is done to them."""
    planned = movements.planned(row)
    said = []
    if planned.credited:
        message = ngettext(
            "%(units)s unit receives %(tonnes)s t", "%(units)s units receive %(tonnes)s t", planned.credited_units
        )
        said.append(message % {"units": planned.credited_units, "tonnes": tonnes(planned.credited)})
    if planned.withheld:
        message = ngettext(
            "For %(units)s unit %(tonnes)s t are withheld in the province's account",
            "For %(units)s units %(tonnes)s t are withheld in the province's account",
            planned.withheld_units,
        )
        said.append(message % {"units": planned.withheld_units, "tonnes": tonnes(planned.withheld)})
    if planned.taken_back:
        message = ngettext(
            "%(units)s unit returns %(tonnes)s t, as far as it holds them",
            "%(units)s units return %(tonnes)s t, as far as they hold them",
            planned.taken_back_units,
        )
        said.append(message % {"units": planned.taken_back_units, "tonnes": tonnes(planned.taken_back)})
    return said


def _holdings(row: Letter) -> list[Change]:
    """The accounts that the letter reaches, as they are and once it is executed; what units can't return is no part of it."""
    planned = movements.planned(row)
    units = Settlement.objects.filter(run__letter=row).values("unit")
    held = Holding.objects.filter(vintage=row.year)
    sums = held.aggregate(
        own=Sum("amount", filter=Q(account__unit__in=units), default=0),
        apart=Sum("amount", filter=Q(account__held_for__in=units), default=0),
        all=-Sum("amount", filter=Q(account__kind=Account.Kind.SOURCE), default=0),
    )
    said = {"year": row.year}
    created = planned.credited + planned.withheld
    own = Change(
        _("Held by these units of %(year)s (t)") % said,
        sums["own"],
        sums["own"] + planned.credited - planned.taken_back,
    )
    apart = Change(_("Withheld for them of %(year)s (t)") % said, sums["apart"], sums["apart"] + planned.withheld)
    whole = Change(_("Issued in the whole country of %(year)s (t)") % said, sums["all"], sums["all"] + created)
    return [own, *([apart] if planned.withheld else []), whole]


def _sending(_request: SignedInRequest, row: Letter) -> Consequence:
    return Consequence(
        _("You are about to send letter %(number)s to the registrar") % {"number": row.number},
        _("Send to the registrar"),
        facts=[*_facts(row), (_("Tables (sha256)"), row.tables_sha256)],
        touches=_touches(row),
        final=_(
            "A letter that was sent can't be changed or taken back; what was wrong in it needs a new determination."
        ),
        then=_("The registrar checks the letter and prepares the issue; a second person there executes it."),
    )


def _preparing(_request: SignedInRequest, row: Letter) -> Consequence:
    taking = row.only_takes_back
    said = {"tonnes": tonnes(row.to_return if taking else row.total), "number": row.number}
    title = (
        _("You are about to prepare taking back %(tonnes)s t on letter %(number)s")
        if taking
        else _("You are about to prepare the issue of %(tonnes)s t on letter %(number)s")
    )
    return Consequence(
        title % said,
        _("Prepare taking the quota back") if taking else _("Prepare the issue"),
        facts=_facts(row),
        changes=_holdings(row),
        touches=_touches(row),
        final=_("No quota moves yet. A prepared letter can only be executed."),
        then=_("A second person of the registrar executes it; the figures above are how things stand then."),
    )


def _executing(_request: SignedInRequest, row: Letter) -> Consequence:
    taking = row.only_takes_back
    said = {"tonnes": tonnes(row.to_return if taking else row.total), "number": row.number}
    title = (
        _("You are about to take back %(tonnes)s t on letter %(number)s")
        if taking
        else _("You are about to issue %(tonnes)s t on letter %(number)s")
    )
    return Consequence(
        title % said,
        _("Take the quota back") if taking else _("Issue the quota"),
        facts=_facts(row),
        changes=_holdings(row),
        touches=_touches(row),
        final=_("Quota that is in a unit's account can be sold at once. Only a later determination takes it back."),
        then=_("The units and the province are told. What units can't return now stays owed."),
        tone="danger",
    )


def _collecting(_request: SignedInRequest, row: Letter) -> Consequence:
    owing = issuance.owed(row)
    said = {"tonnes": tonnes(sum(owing.values())), "number": row.number}
    return Consequence(
        _("You are about to take back outstanding quota on letter %(number)s") % said,
        _("Take back outstanding quota"),
        facts=[_facts(row)[0], (_("Still to be taken back"), _("%(tonnes)s t") % said)],
        touches=[
            ngettext(
                "The account of %(units)s unit, as far as it holds anything that is available",
                "The accounts of %(units)s units, as far as they hold anything that is available",
                len(owing),
            )
            % {"units": len(owing)}
        ],
        final=_("What is taken back goes to the province's account."),
        then=_("The units are told. What is still lacking stays owed."),
    )


def _sent(_request: SignedInRequest, _entry: JournalEntry, row: Letter) -> After:
    return After(
        _("Letter %(number)s sent") % {"number": row.number},
        facts=_facts(row),
        then=_("The registrar prepares and executes the issue. Nothing is asked of you until then."),
        links=[link(_("Letter (PDF)"), "allocation:letter", row.pk, query="format=pdf")],
    )


def _prepared(_request: SignedInRequest, _entry: JournalEntry, row: Letter) -> After:
    return After(
        _("Letter %(number)s prepared") % {"number": row.number},
        facts=_facts(row),
        then=_("A second person of the registrar executes it; it is among that person's tasks."),
        links=[_others(State.SENT)],
    )


def _executed(_request: SignedInRequest, _entry: JournalEntry, row: Letter) -> After:
    moved = movements.moved(row)
    amounts = [
        (_("Issued to the units' accounts"), moved.credited),
        (_("Withheld in the province's account"), moved.withheld),
        (_("Taken back from units"), moved.taken_back),
        (_("Still to be taken back"), moved.owed),
    ]
    return After(
        _("Letter %(number)s carried out") % {"number": row.number},
        facts=[
            *_facts(row)[:3],
            *((name, _("%(tonnes)s t") % {"tonnes": tonnes(amount)}) for name, amount in amounts if amount),
            *((_("Transaction"), f"{posted.pk} · {posted.get_kind_display()}") for posted in row.transactions.all()),
        ],
        then=_("The units see the quota in their accounts and have been told; so has the province."),
        links=[_others(State.PREPARED)],
    )


def _others(state: Letter.State) -> Button:
    return link(_("Other letters"), "allocation:letters", query=f"state={state}")


SENDING = Consequential(_sending, ["letter.sent"], [State.DRAFTED], _sent)
PREPARATION = Consequential(_preparing, ["issue.prepared"], [State.SENT], _prepared)
EXECUTION = Consequential(_executing, ["issue.executed"], [State.PREPARED], _executed)
COLLECTION = Consequential(_collecting, ["issue.collected"], [State.EXECUTED], _executed)
