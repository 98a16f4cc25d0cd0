"""Mandates to file for another unit: offered by the unit's approver, accepted by the holder's, ended by either."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from registry import journal
from registry.access import acting, mandates_in_force
from registry.database import locking
from registry.law import calendar
from registry.models import FilingMandate, Person, Unit
from registry.notifications import events as telling
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures

__all__ = ["accept", "end", "facts", "offer"]

State = FilingMandate.State


@acting(Act.OFFER_MANDATE, about=None)
@transaction.atomic
def offer(
    holder: Unit, *, may_submit: bool, since: dt.date, until: dt.date, by: Person, at: dt.datetime
) -> FilingMandate:
    """Offer `holder` a mandate for the approver's own unit; nothing is open to it before it accepts."""
    if by.unit is None:
        raise Refusal(_("Only an enterprise's approver gives a mandate."))
    unit = locking.hold(Unit, pk=by.unit.pk)
    if holder.pk == unit.pk:
        raise Refusal(_("A mandate is given to another unit."), field="holder")
    if until < since or until < calendar.local_day(at):
        raise Refusal(_("The last day is before the first, or in the past: correct the days."), field="until")
    _end_outlived(unit, holder, by, at)
    if FilingMandate.objects.filter(unit=unit, holder_unit=holder).exclude(state=State.ENDED).exists():
        why = _("%(unit)s already has a mandate or an offer from you: end that first.") % {"unit": holder}
        raise Refusal(why, field="holder")
    mandate = FilingMandate.objects.create(
        unit=unit,
        holder_unit=holder,
        may_submit=may_submit,
        since=since,
        until=until,
        offered_by=by,
        offered_at=at,
    )
    said: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat(), "may_submit": may_submit}
    telling.mandate_offered(mandate, at)
    journal.record("mandate.offered", mandate, by=by, at=at, holder=holder.credit_code, **said)
    return mandate


@acting(Act.ACCEPT_MANDATE)
@transaction.atomic
def accept(mandate: FilingMandate, *, by: Person, at: dt.datetime) -> FilingMandate:
    """The holder takes the mandate on."""
    mandate = _locked(mandate, State.OFFERED)
    if by.unit_id != mandate.holder_unit_id:
        raise Refusal(_("Only the unit to which it was offered can accept it."))
    if mandate.until < calendar.local_day(at):
        raise Refusal(
            _("The mandate was offered until %(day)s, which is past: it has to be offered anew.")
            % {"day": figures.day(mandate.until)}
        )
    mandate.state, mandate.accepted_by, mandate.accepted_at = State.ACCEPTED, by, at
    mandate.save(update_fields=["state", "accepted_by", "accepted_at"])
    telling.mandate_accepted(mandate, at)
    journal.record("mandate.accepted", mandate, by=by, at=at, holder=mandate.holder_unit.credit_code)
    return mandate


@acting(Act.END_MANDATE)
@transaction.atomic
def end(mandate: FilingMandate, *, by: Person, at: dt.datetime) -> FilingMandate:
    """Revoke or decline a mandate, or give it up: from now on it opens nothing."""
    mandate = _locked(mandate, State.OFFERED, State.ACCEPTED)
    if by.unit_id not in (mandate.unit_id, mandate.holder_unit_id):
        raise Refusal(_("A mandate can be ended only by one of its two units."))
    telling.mandate_ended(mandate, at, by=by)
    return _ended(mandate, by, at)


def facts(by: Person, unit: Unit, at: dt.datetime) -> dict[str, Any]:
    """What the journal says beside the act when somebody acts for another unit: under which mandate, from which unit."""
    if by.unit is None or by.unit_id == unit.pk:
        return {}
    mandate = mandates_in_force.on(calendar.local_day(at)).filter(unit=unit, holder_unit=by.unit_id).first()
    return {"mandate": mandate and mandate.pk, "acting_unit": by.unit.credit_code}


def _end_outlived(unit: Unit, holder: Unit, by: Person, at: dt.datetime) -> None:
    """A mandate whose last day is over makes place for a new one."""
    over = Q(unit=unit, holder_unit=holder, until__lt=calendar.local_day(at))
    for mandate in FilingMandate.objects.filter(over).exclude(state=State.ENDED):
        _ended(_locked(mandate, State.OFFERED, State.ACCEPTED), by, at)


def _ended(mandate: FilingMandate, by: Person, at: dt.datetime) -> FilingMandate:
    mandate.state, mandate.ended_by, mandate.ended_at = State.ENDED, by, at
    mandate.save(update_fields=["state", "ended_by", "ended_at"])
    journal.record("mandate.ended", mandate, by=by, at=at, holder=mandate.holder_unit.credit_code)
    return mandate


def _locked(mandate: FilingMandate, *states: str) -> FilingMandate:
    return locking.in_state(FilingMandate.objects.select_related("unit", "holder_unit"), mandate, *states)
