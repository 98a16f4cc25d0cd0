"""What several pages of allocation share."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from allocation.web.forms.common import ReasonForm
from registry import access
from registry.access import SignedInRequest
from registry.files import tables
from registry.law import clock
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web import kept_input


def may(person: Person, act: Act, row: Model) -> bool:
    """Whether the person may do `act` to this very row: what a button asks before it shows itself."""
    return access.scoped(person, act, type(row)._default_manager.filter(pk=row.pk)).exists()


def sums(rows: Any, *fields: str) -> dict[str, int]:
    """The sum of each field over all rows, in one query."""
    found: dict[str, int] = rows.order_by().aggregate(**{field: Sum(field, default=0) for field in fields})
    return found


def reason_of(request: SignedInRequest) -> str:
    """The reason that a page's form posted; raises Refusal where it is missing, too long or not text."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Reason: %(faults)s") % {"faults": " ".join(map(str, form.errors["reason"]))})
    return str(form.cleaned_data["reason"])


def reason_form(request: SignedInRequest, pk: int, *acts: str) -> ReasonForm:
    """A form for a reason; where one of the acts on the thing was refused, with the reason that was typed."""
    urls = [reverse(f"allocation:{act}", args=[pk]) for act in acts]
    return ReasonForm(initial=kept_input.given(request, clock.now(), *urls))


def tell_coding(request: SignedInRequest, table: bytes) -> None:
    """Say how a table's bytes were read, if that wasn't as UTF-8: whoever sent it checks the names."""
    if note := tables.coding_note(table):
        messages.info(request, note)
