"""What a page offers its reader to do, as a list: ways to other pages, acts done by a press, and acts that ask for a reason first.

A view puts them into the context as `buttons` (templates/partials/buttons.html shows them beside the heading) and `asked`
(templates/partials/asked.html); None among them is what isn't offered to this person now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.models import Person
from registry.permissions import Act
from registry.web.reasons import ReasonForm, ToCorrectForm, reason_form

__all__ = ["Asked", "Button", "begin", "link", "press", "to_correct", "with_reason"]


@dataclass(frozen=True, slots=True)
class Button:
    """A way to another page, or with `posts` an act done at once; `fields` are posted with it."""

    label: str
    url: str
    tone: str
    posts: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)
    accesskey: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that is done with a reason: its title, the form, what the button says, and what follows from it."""

    title: str
    url: str
    form: ReasonForm
    label: str
    tone: str
    fields: Mapping[str, object]
    note: str = ""


def link(label: str, to: str, *args: object, query: str = "", tone: str = "outline-secondary") -> Button:
    """A way to a page."""
    return Button(label, reverse(to, args=args) + (f"?{query}" if query else ""), tone)


def press(
    label: str,
    to: str,
    *args: object,
    query: str = "",
    tone: str = "primary",
    accesskey: str = "",
    **fields: object,
) -> Button:
    """An act done by a press."""
    url = reverse(to, args=args) + (f"?{query}" if query else "")
    return Button(label, url, tone, posts=True, fields=fields, accesskey=accesskey)


def with_reason(
    request: SignedInRequest,
    title: str,
    label: str,
    to: str,
    pk: int,
    *,
    tone: str = "outline-danger",
    **fields: object,
) -> Asked:
    """An act that asks for a reason; one that was typed and refused stands in it."""
    return Asked(title, reverse(to, args=[pk]), reason_form(request, pk, to), label, tone, fields)


def to_correct(
    request: SignedInRequest, title: str, to: str, pk: int, *, form: ToCorrectForm | None = None, note: str = ""
) -> Asked:
    """Sending something back to whoever wrote it; `form` is one that was sent with faults."""
    asked = form or reason_form(request, pk, to, kind=ToCorrectForm)
    return Asked(title, reverse(to, args=[pk]), asked, _("Send back with this reason"), "outline-danger", {}, note)


def begin(person: Person, act: Act, label: str, to: str, *, query: str = "", tone: str = "primary") -> Button | None:
    """The way to a page that serves `act`, for whoever's role does it."""
    return link(label, to, query=query, tone=tone) if access.may(person, act) else None
