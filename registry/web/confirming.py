"""“You are about to …”: an act on a state of record is shown with its figures before and after, and done by a second press.

A view declares it where it is marked: `act_on(…, asks=Consequential(about, recorded_as=[…], states=[…]))`. Its address answers with the
page, whether it was looked at or posted to; what was typed goes along. Only the page's own button does the act: it posts what was shown,
signed, and where that isn't how things stand any more nothing is done and both states are told. A second press of the same button leads
to the receipt of the first (`registry.web.views.receipts`). What needs no page says why in tests/unconfirmed_table.py.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.access import SignedInRequest
from registry.law import clock, declaration
from registry.models import JournalEntry, JournalHead
from registry.refusal import Refusal
from registry.values import figures
from registry.web.buttons import Button

__all__ = [
    "After",
    "Change",
    "Consequence",
    "Consequential",
    "as_posted",
    "confirm",
    "declared",
    "shown_first",
    "tell",
    "told_of",
]

View = Callable[..., HttpResponseBase]

FIELD = "confirmation"
NOT_CARRIED = {"csrfmiddlewaretoken", FIELD, "declared"}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a thing, or a state in words, as it is and as it will be; the difference of two numbers is shown beside them."""

    label: str
    before: int | str | None
    after: int | str | None

    @property
    def shown(self) -> tuple[str, str]:
        return _shown(self.before), _shown(self.after)

    @property
    def difference(self) -> int | None:
        both = (self.before, self.after)
        return both[1] - both[0] if isinstance(both[0], int) and isinstance(both[1], int) else None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an act is about to do, in the person's language.

    `touches` says whom and how many; `final` what can't be taken back; `then` who does what next, until `by`. `declares`: a unit declares
    that what it hands over is true. `form` asks for what is still to be typed; `fields` are posted too (the seal of what is shown, say).
    `warnings` are no reason to refuse. `typed` is what the person gave, and no part of how things stand.
    """

    title: str
    button: str
    facts: Sequence[tuple[str, object]] = ()
    typed: Sequence[tuple[str, object]] = ()
    changes: Sequence[Change] = ()
    touches: Sequence[str] = ()
    warnings: Sequence[str] = ()
    final: str = ""
    then: str = ""
    by: dt.date | None = None
    tone: str = "primary"
    declares: bool = False
    form: Form | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[list[str]]:
        """All that is shown of how things stand, as text."""
        stated = [["", self.title], *([name, str(value)] for name, value in self.facts)]
        stated += [[change.label, *change.shown] for change in self.changes]
        return stated + [["", said] for said in (*self.touches, *self.warnings)]


@dataclass(frozen=True, slots=True)
class After:
    """What an act has done, for its receipt: `title` in words, its figures, who does what next until `by`, and the ways on."""

    title: str
    facts: Sequence[tuple[str, object]] = ()
    then: str = ""
    by: dt.date | None = None
    links: Sequence[Button | None] = ()


@dataclass(frozen=True, slots=True)
class Consequential:
    """An act that is confirmed on a page of its own.

    `about` says what it would do to the row; it is asked only while the row is in one of `states` (in any, where none is named).
    `recorded_as` are the acts under which the journal has it; `after` makes the receipt from the entry and the row as it is then.
    `subject` is what the journal's entry and the states are about, where that is another row; `page` leads
    to the subject's page. `then` is what happens next, where neither the consequence nor `after` says it better.
    """

    about: Callable[[SignedInRequest, Any], Consequence]
    recorded_as: Sequence[str]
    states: Sequence[str] = ()
    after: Callable[[SignedInRequest, JournalEntry, Any], After] | None = None
    page: Callable[[Any], str] | None = None
    subject: Callable[[Any], Any] = lambda row: row
    then: str | Promise = ""

    def is_open(self, row: Any) -> bool:
        return not self.states or self.subject(row).state in self.states


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed when it was made: its rows, and how long the journal was."""

    state: str
    rows: list[list[str]]
    sequence: int
    language: str = field(default_factory=lambda: translation.get_language() or "")

    def signed(self, request: SignedInRequest) -> str:
        said = [self.state, self.rows, self.sequence, self.language]
        return signing.dumps(said, salt=_salt(request), compress=True)


_TOLD: dict[str, Consequential] = {}


def told_of(act: str) -> Consequential | None:
    """What was declared of the act that the journal knows by this name."""
    return _TOLD.get(act)


def tell(asks: Consequential) -> None:
    """Have the receipts of these acts told as they declare it."""
    _TOLD.update(dict.fromkeys(asks.recorded_as, asks))


def shown_first(asks: Consequential) -> Callable[[View], View]:
    """Mark a view that calls `confirm` itself, because what it acts on is no single row with its key in the address."""

    def mark(view: View) -> View:
        tell(asks)
        view.asks = asks  # type: ignore[attr-defined]
        return view

    return mark


def declared(request: HttpRequest) -> str:
    """The version of the wording that a unit's person declared by a tick; "" where there was no tick."""
    return declaration.current(clock.today()).version if request.POST.get("declared") else ""


def as_posted(request: HttpRequest, name: str, now: str) -> str:
    """The seal of what the thing's own page showed, which led here; of how it stands now, where it was shown here."""
    return now if FIELD in request.POST else request.POST.get(name) or now


def confirm(
    request: SignedInRequest,
    asks: Consequential,
    find: Callable[[], Any],
    do: Callable[[Any], str | HttpResponse],
    *,
    done: Callable[[str], HttpResponse],
) -> HttpResponse:
    """The page, or, once its button was pressed, the act. `find` gets the thing or refuses; None where it is no single row."""
    row = find()
    if request.method != "POST" or FIELD not in request.POST:
        return _page(request, asks, row) if asks.is_open(row) else _too_late(request, asks, row)
    shown = _read(request)
    since = shown.sequence if shown else 0
    now = _as_shown(request, asks, row, shown)
    if now is None:
        first = _own_entry(request, asks, row, after=since) if shown else None
        return _receipt(first) if first else _page(request, asks, row, shown=shown, moved=True)
    if now.declares and not declared(request):
        return _page(request, asks, row, undeclared=True)
    try:
        said = do(row)
    except Refusal:
        # A double click: the second press waited for the first one, which has done it.
        if (first := _own_entry(request, asks, row, after=since)) is not None:
            return _receipt(first)
        raise
    entry = _own_entry(request, asks, row, after=since)
    if entry is None:
        return done(said) if isinstance(said, str) else said
    if isinstance(said, str) and said and asks.after is None:
        messages.success(request, said)
    return _receipt(entry)


def _as_shown(request: SignedInRequest, asks: Consequential, row: Any, shown: Shown | None) -> Consequence | None:
    """What the act would do now, where that is what the pressed page showed; else None."""
    if shown is None or not asks.is_open(row):
        return None
    with translation.override(shown.language):
        try:
            now = asks.about(request, row)
        except Refusal:  # there is nothing left to be done, say; the page will tell it
            return None
        return now if now.rows() == shown.rows else None


def _page(
    request: SignedInRequest,
    asks: Consequential,
    row: Any,
    *,
    shown: Shown | None = None,
    moved: bool = False,
    undeclared: bool = False,
) -> HttpResponse:
    is_open = asks.is_open(row)
    found = asks.about(request, row) if is_open else None
    rows = found.rows() if found else []
    now = Shown(_state(asks.subject(row)), rows, JournalHead.objects.get(pk=1).sequence)
    context = {
        "act": found,
        "confirmation": now.signed(request) if found else "",
        "carried": _carried(request, found) if found else {},
        "then": (found.then or asks.then) if found else "",
        "back": asks.page(asks.subject(row)) if asks.page else "",
        "moved": moved,
        "state": now.state,
        "differences": _differences(shown, now) if moved and shown else [],
        "undeclared": undeclared,
        "declaration": declaration.current(clock.today()) if found and found.declares else None,
    }
    faulty = undeclared or (found is not None and found.form is not None and bool(found.form.errors))
    return render(request, "confirm.html", context, status=_status(request, moved=moved, faulty=faulty))


def _status(request: SignedInRequest, *, moved: bool, faulty: bool) -> int:
    if faulty:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.CONFLICT if moved and request.method == "POST" else HTTPStatus.OK


def _differences(shown: Shown, now: Shown) -> list[tuple[str, str, str]]:
    """What differs from what was shown: (name, as it was, as it is)."""
    before, after = ({row[0]: " → ".join(row[1:]) for row in each.rows if row[0]} for each in (shown, now))
    found = [(_("State"), shown.state, now.state)] if shown.state != now.state else []
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)] if now.rows else []
    return [*found, *((name, before.get(name, figures.DASH), after.get(name, figures.DASH)) for name in names)]


def _too_late(request: SignedInRequest, asks: Consequential, row: Any) -> HttpResponse:
    """Nothing is left to be done: whoever did it is shown its receipt, everybody else the thing as it is."""
    if (own := _own_entry(request, asks, row)) is not None:
        return _receipt(own)
    return _page(request, asks, row, moved=True)


def _own_entry(request: SignedInRequest, asks: Consequential, row: Any, after: int = 0) -> JournalEntry | None:
    """The person's own latest entry of this act on the row, behind a place in the journal."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.filter(
        act__in=asks.recorded_as, actor=request.user, sequence__gt=after
    )
    if isinstance(subject := asks.subject(row), Model):
        rows = rows.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return rows.first()


def _receipt(entry: JournalEntry) -> HttpResponse:
    return redirect("registry:act_receipt", sequence=entry.sequence)


def _carried(request: SignedInRequest, found: Consequence) -> Mapping[str, Sequence[str]]:
    """What was typed or chosen before the page, posted again with its button."""
    asked = set(found.form.fields) if found.form else set()
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_CARRIED | asked}
    return typed | {name: [value] for name, value in found.fields.items()}


def _read(request: SignedInRequest) -> Shown | None:
    """What the pressed page showed; None where it isn't a page of ours."""
    try:
        return Shown(*signing.loads(request.POST[FIELD], salt=_salt(request)))
    except signing.BadSignature:
        return None


def _salt(request: SignedInRequest) -> str:
    return f"confirm:{request.user.pk}:{request.path}"


def _state(row: Any) -> str:
    return str(row.get_state_display()) if hasattr(row, "get_state_display") else ""


def _shown(value: int | str | None) -> str:
    return figures.tonnes(value) if isinstance(value, int) or value is None else value
