"""Whether a unit's months go out by its clerk alone or after its approver's confirmation; the approver chooses."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from registry import journal
from registry.access import acting
from registry.database import locking
from registry.labels.kept_sentences import gettext as _
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from reporting.models import WayOfSubmitting

__all__ = ["choose", "confirmed_of", "is_confirmed"]


def is_confirmed(unit: int) -> bool:
    """Whether what is submitted for the unit (by its key) goes to its approver first. Without a choice the clerk submits alone."""
    return unit in confirmed_of({unit})


def confirmed_of(units: Collection[int]) -> set[int]:
    """Those of the units (by their keys) whose approver confirms. One query."""
    rows = WayOfSubmitting.objects.filter(unit__in=units).order_by("pk").values_list("unit", "confirmed")
    return {unit for unit, confirmed in dict(rows).items() if confirmed}


@acting(Act.CHOOSE_WAY_OF_SUBMITTING)
@transaction.atomic
def choose(unit: Unit, *, confirmed: bool, by: Person, at: dt.datetime) -> WayOfSubmitting:
    """Choose for every month handed in from now on; what was handed over before still needs the approver."""
    unit = locking.hold(Unit, pk=unit.pk)
    if is_confirmed(unit.pk) == confirmed:
        raise Refusal(_("This is how the months are submitted already."))
    chosen = WayOfSubmitting.objects.create(unit=unit, confirmed=confirmed, by=by, at=at)
    journal.record("submitting.chosen", unit, by=by, at=at, papers=[chosen], confirmed=confirmed)
    return chosen
