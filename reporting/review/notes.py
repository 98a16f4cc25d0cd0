"""What the people of an authority note about a package for themselves; to be read by nobody else but the auditor."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from registry import access, journal
from registry.access import acting
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from reporting.models import Note, Package

__all__ = ["of_package", "write"]


def of_package(person: Person, package: Package) -> list[Note]:
    """Those that the person may read, the oldest first. One query, none for whoever reads no notes at all."""
    rows = Note.objects.filter(package=package.pk).select_related("by").order_by("pk")
    return list(access.scoped(person, Act.VIEW_NOTE, rows))


@acting(Act.WRITE_NOTE)
@transaction.atomic
def write(package: Package, *, text: str, by: Person, at: dt.datetime) -> Note:
    """Note something. The journal gets the note's digest and not its text: others read the journal, too."""
    if not text.strip() or by.authority is None:
        raise Refusal(_("The note is empty: write what your colleagues should know."))
    note = Note.objects.create(package=package, authority=by.authority, text=text.strip(), by=by, at=at)
    journal.record("package.noted", package, by=by, at=at, papers=[note])
    return note
