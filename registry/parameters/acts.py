"""Thresholds that the ministry edits: dated changes over a law file, proposed by one person and approved by another.

An app offers a file under a name when it is ready; whoever needs the file's values with the changes asks `law(name, at)`. A change
counts from a day that is still to come when it is approved: a month that has begun keeps the thresholds it began with, and so no
finding that is stored, or still to be made for that month, is made by another rule than its neighbour's.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.law import DatedValue, Law, Parameter, calendar
from registry.models import ParameterChange, ParameterDecision, ParameterWithdrawal, Person
from registry.parameters import second_person
from registry.parameters.values import Value, as_text, is_editable, parse, read
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import name_of
from registry.values.measures import measure

__all__ = [
    "Book",
    "Effect",
    "book",
    "books",
    "decide",
    "effect_of",
    "law",
    "offer",
    "open_changes",
    "propose",
    "say",
    "withdraw",
]

# A day further ahead is a slip of the pen.
MOST_YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would have done to the findings of a month: of `checked` things, before and after."""

    period: str
    checked: int
    before: int
    appear: int
    disappear: int

    @property
    def after(self) -> int:
        return self.before + self.appear - self.disappear


# From a parameter's id, the law as it is, the value to be tried, and the day it is asked on; None where stored data can't tell.
EffectOf = Callable[[str, Law, Value, dt.date], Effect | None]


@dataclass(frozen=True, slots=True)
class Book:
    """A law file offered for editing."""

    name: str
    title: Promise
    file: Callable[[], Law]
    effect: EffectOf


_books: dict[str, Book] = {}


def offer(name: str, title: Promise, file: Callable[[], Law], effect: EffectOf) -> None:
    """Let the ministry edit what the file marks as editable."""
    _books[name] = Book(name, title, file, effect)


def books() -> list[Book]:
    return list(_books.values())


def book(name: str) -> Book:
    """The book of that name; KeyError where none is offered."""
    return _books[name]


def law(name: str, at: dt.datetime) -> Law:
    """The file with every change that was approved by then. One query."""
    approved = ParameterChange.objects.filter(book=name, decision__approved=True, decision__at__lte=at)
    changes = approved.order_by("decision__at", "decision")
    return book(name).file().with_changes((change.parameter, _dated(change)) for change in changes)


def effect_of(name: str, parameter_id: str, value: Value, at: dt.datetime) -> Effect | None:
    """What the value would have done to the findings of the latest month submitted; None where stored data can't tell."""
    return book(name).effect(parameter_id, law(name, at), value, calendar.local_day(at))


def say(threshold: Sequence[str]) -> str:
    """A threshold and a value, by its title in the page's language; its id where the file doesn't know it any more."""
    name, parameter_id, value = threshold
    known = book(name).file().get(parameter_id)
    if known is None:
        return f"{parameter_id} {value}"
    return f"{name_of(known)} {value} {measure(known.unit)}".strip()


def open_changes() -> QuerySet[ParameterChange]:
    """What waits for a decision."""
    return ParameterChange.objects.filter(decision__isnull=True, withdrawal__isnull=True)


@acting(Act.PROPOSE_PARAMETER)
@transaction.atomic
def propose(
    name: str, parameter_id: str, *, value: str, since: dt.date, reason: str, by: Person, at: dt.datetime
) -> ParameterChange:
    """Propose a value for a parameter from a day on."""
    parameter = _editable(name, parameter_id)
    text = as_text(_plausible(parameter, value))
    reason = two_people.reason_of(reason)
    _refuse_day(since, at)
    if open_changes().filter(book=name, parameter=parameter_id).exists():
        raise Refusal(_("A change of this threshold already awaits a decision: it must be decided on first."))
    if law(name, at)[parameter_id].at(since).value == read(text):
        raise Refusal(_("%(value)s is already the value in force on that day.") % {"value": text})
    change = ParameterChange.objects.create(
        book=name,
        parameter=parameter_id,
        value=text,
        since=since,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    journal.record("parameter.proposed", change, by=by, at=at, **_facts(change), reason=change.reason)
    return change


@acting(Act.APPROVE_PARAMETER)
@transaction.atomic
def decide(
    change: ParameterChange, *, approve: bool, by: Person, at: dt.datetime, reason: str = ""
) -> ParameterDecision:
    """A second person approves or refuses a change; refusing needs a reason."""
    change = second_person.locked(change, open_changes())
    if approve:
        _plausible(_editable(change.book, change.parameter), change.value)
        _refuse_day(change.since, at)
    decision = ParameterDecision(change=change, approved=approve, reason=reason, by=by, at=at)
    what = {"threshold": [change.book, change.parameter, change.value]}
    return second_person.record(decision, change, "parameter", "registry:parameter_change", what, _facts(change))


@acting(Act.PROPOSE_PARAMETER)
@transaction.atomic
def withdraw(change: ParameterChange, *, by: Person, at: dt.datetime) -> ParameterWithdrawal:
    """Whoever proposed a change takes it back before it is decided on."""
    change = second_person.locked(change, open_changes())
    two_people.refuse_other(by, change.proposed_by_id)
    made = ParameterWithdrawal.objects.create(change=change, by=by, at=at)
    journal.record("parameter.withdrawn", change, by=by, at=at, **_facts(change))
    return made


def _editable(name: str, parameter_id: str) -> Parameter:
    found = _books[name].file().get(parameter_id) if name in _books else None
    if found is None or not is_editable(found):
        raise Refusal(_("This value can't be changed here."))
    return found


def _plausible(parameter: Parameter, text: str) -> Value:
    try:
        return parse(parameter, text)
    except ValueError as error:
        raise Refusal(str(error)) from error


def _refuse_day(since: dt.date, at: dt.datetime) -> None:
    today = calendar.local_day(at)
    if since <= today:
        raise Refusal(
            _("A change takes effect from a future day; %(day)s has begun. Existing findings are unaffected.")
            % {"day": since.isoformat()}
        )
    if since.year - today.year > MOST_YEARS_AHEAD:
        raise Refusal(_("%(day)s is too far ahead: check the year.") % {"day": since.isoformat()})


def _dated(change: ParameterChange) -> DatedValue:
    """The change as a value of the law. It is a decision, no longer an assumption; its reason is its source."""
    return DatedValue(
        value=read(change.value),
        since=change.since,
        until=None,
        cite=f"change {change.pk} by the ministry",
        cite_zh=f"主管部门第{change.pk}号修改",
        confidence="H",
        change=change.pk,
    )


def _facts(change: ParameterChange) -> dict[str, Any]:
    return {
        "book": change.book,
        "parameter": change.parameter,
        "value": change.value,
        "since": change.since.isoformat(),
    }
