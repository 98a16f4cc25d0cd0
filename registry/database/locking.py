"""Locking a row before it is judged, so that whoever comes second reads what the first has done, and is told.

    run = locking.in_state(Run.objects.select_related("authority"), run, State.PREPARED)

A row that others only refer to (a unit, an authority) is held by `hold`: acts of one kind on it come one after the other.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from registry.refusal import Refusal

__all__ = ["OvertakenError", "hold", "in_state", "only_once"]

M = TypeVar("M", bound=Model)


class OvertakenError(Refusal):
    """The row is not any more what the person looked at."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has dealt with this in the meantime; look at it again."))


def in_state(rows: QuerySet[M], row: M, *states: str) -> M:
    """The row as `rows` fetches it, locked, if its `state` is one of these; else OvertakenError. Rows joined to it are not locked."""
    found = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state not in states:  # type: ignore[attr-defined]
        raise OvertakenError
    return found


def hold(model: type[M], **which: Any) -> M:
    """The one row, kept from everybody else who holds it, until the transaction ends; rows may refer to it meanwhile."""
    return model._default_manager.select_for_update(no_key=True).get(**which)


@contextlib.contextmanager
def only_once(refusal: str) -> Iterator[None]:
    """Write what the database holds to be there once; the refusal for whoever does it at the same moment as somebody else."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refusal(refusal) from error
