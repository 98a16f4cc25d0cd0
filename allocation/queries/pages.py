"""Questions to allocation's data, each answered in a handful of queries, and for a day where the answer depends on one."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum

from allocation.compliance import owed as duties
from allocation.deductions import balances
from allocation.method.compliance_status import Standing, status
from allocation.models import (
    Account,
    Award,
    Deduction,
    Differentiation,
    Entry,
    Holding,
    Notice,
    Objection,
    Run,
    SurrenderRequest,
    Transaction,
)
from registry import access
from registry.law.calendar import end_of
from registry.models import Person, Unit
from registry.permissions import Act
from registry.permissions.roles import MINISTRY_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = [
    "Held",
    "awards",
    "deductions",
    "differentiations",
    "entries",
    "holdings",
    "objections",
    "standing",
    "to_request",
]

Kind = Transaction.Kind


def awards(person: Person) -> QuerySet[Award]:
    """The awards that the person may see; a unit sees only what is approved."""
    rows = access.scoped(
        person,
        Act.VIEW_AWARD,
        Award.objects.select_related("run__authority", "unit", "line", "result__verification__report"),
    )
    rows = rows.defer("run__manifest")  # as long as all its lines together
    return rows.filter(run__state=Run.State.APPROVED) if person.role in UNIT_ROLES else rows


def objections(person: Person) -> QuerySet[Objection]:
    """The objections that the person may see; what was never filed only its unit, and the auditor."""
    rows = Objection.objects.select_related("settlement__run__authority", "unit__authority", "award__line")
    rows = access.scoped(person, Act.VIEW_OBJECTION, rows.defer("settlement__run__manifest"))
    if person.role in UNIT_ROLES or person.role == Role.AUDITOR:
        return rows
    return rows.filter(filed_at__isnull=False)


def deductions(person: Person) -> "QuerySet[WithAnnotations[Deduction, balances.Left]]":
    """The decisions that the person may see, each with what is left of it; a unit sees those in force."""
    rows = balances.with_left(Deduction.objects.select_related("unit__authority", "proposed_by"))
    rows = access.scoped(person, Act.VIEW_DEDUCTION, rows)
    return rows.filter(state=Deduction.State.APPROVED) if person.role in UNIT_ROLES else rows


def differentiations(person: Person) -> QuerySet[Differentiation]:
    """The marks that the person may see; a unit and the registrar see those that came into force."""
    rows = Differentiation.objects.select_related("unit__authority")
    rows = access.scoped(person, Act.VIEW_DIFFERENTIATION, rows)
    near = person.role in (*PROVINCIAL_ROLES, *MINISTRY_ROLES, Role.AUDITOR)
    return rows if near else rows.filter(approved_at__isnull=False)


# --- Accounts


@dataclass(frozen=True, slots=True)
class Held:
    """What an account held of a vintage at the end of a day; `reserved` is None for a day gone by (it isn't kept)."""

    vintage: int
    amount: int
    reserved: int | None

    @property
    def free(self) -> int | None:
        return None if self.reserved is None else self.amount - self.reserved


def holdings(account: Account, day: dt.date, today: dt.date) -> list[Held]:
    """By vintage, from the entries up to the end of `day`; with what is reserved now if that is today."""
    until = Entry.objects.filter(account=account, transaction__at__lte=end_of(day)).order_by()
    amounts = until.values_list("vintage").annotate(Sum("amount")).order_by("vintage")
    reserved = dict(Holding.objects.filter(account=account).values_list("vintage", "reserved"))
    return [Held(vintage, amount, reserved.get(vintage, 0) if day == today else None) for vintage, amount in amounts]


class Balanced(TypedDict):
    balance: int


def entries(account: Account, day: dt.date | None = None) -> "QuerySet[WithAnnotations[Entry, Balanced]]":
    """The account's entries that count by the end of the day (all, where none is named), each with the balance of its vintage after it
    (`balance`), the last posted first.

    In the order of posting, which is the one in which the ledger refused what wasn't there: a trade is posted later than it
    counts, and in the order of the days an account could seem to have held less than nothing. The balance is asked for row by row: a
    window would sum up those rows alone to which the list, or one of its pages, was narrowed.
    """
    until = {} if day is None else {"transaction__at__lte": end_of(day)}
    before = Entry.objects.filter(account=account, vintage=OuterRef("vintage"), pk__lte=OuterRef("pk"), **until)
    after = before.order_by().values("vintage").annotate(sum=Sum("amount")).values("sum")
    rows = Entry.objects.filter(account=account, **until).annotate(
        balance=Subquery(after, output_field=BigIntegerField())
    )
    return rows.select_related("transaction__letter", "transaction__request").order_by("-pk")


# --- Duties


def standing(notice: Notice, day: dt.date) -> Standing:
    """How one duty stands at the end of a day."""
    end = end_of(day)
    surrendered = duties.surrenders(Notice.objects.filter(pk=notice.pk), end)[notice.pk]
    return status(duties.due(notice, end), surrendered, notice.deadline, day)


def to_request(unit: Unit, at: dt.datetime) -> list[Notice]:
    """The unit's duties of which tonnes are neither surrendered nor in a request under way, the earliest year first. Three queries."""
    open_ones = SurrenderRequest.objects.filter(unit=unit, state__in=SurrenderRequest.OPEN).order_by()
    asked = dict(open_ones.values_list("notice").annotate(Sum("total")))
    done = duties.surrenders(Notice.objects.filter(unit=unit), at)
    rows = duties.stated(Notice.objects.filter(unit=unit), at).order_by("year")
    return [row for row in rows if sum(tonnes for _at, tonnes in done[row.pk]) + asked.get(row.pk, 0) < row.due_then]
