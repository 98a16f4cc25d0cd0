"""What somebody has prepared and a second person of the same house still has to decide on: on the list of those who prepare, so that they
know that it lies there. Nothing to be done but to wait, or to take it back."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from allocation.models import (
    BalanceValue,
    Deduction,
    Differentiation,
    Letter,
    Objection,
    Release,
    Revocation,
    TradeImport,
)
from registry.todo import Todo, url_of

__all__ = ["of_analyst", "of_officer", "of_operator"]


def of_officer(authority: int | None) -> Iterator[Todo]:
    """What officers of the authority proposed beside runs. Five queries."""
    entered = Deduction.objects.filter(unit__authority=authority, state=Deduction.State.PROPOSED)
    title = _("Decisions on deductions awaiting your approver")
    yield from _listed(entered, title, "deduction", "deductions", state=Deduction.State.PROPOSED)
    revoked = Revocation.objects.filter(deduction__unit__authority=authority, state=Revocation.State.PROPOSED)
    with_revocation = Deduction.objects.filter(pk__in=revoked.values("deduction"))
    yield from _listed(
        with_revocation, _("Revocations of deductions awaiting your approver"), "deduction", "deductions"
    )
    lifted = Q(state=Differentiation.State.APPROVED, lift_asked_by__isnull=False)
    marks = Differentiation.objects.filter(lifted | Q(state=Differentiation.State.PROPOSED), unit__authority=authority)
    title = _("Designations for differentiated issuance awaiting your approver")
    yield from _listed(marks, title, "differentiation", "differentiations")
    released = Release.objects.filter(unit__authority=authority, state=Release.State.PROPOSED)
    yield from _listed(released, _("Releases of withheld quota awaiting your approver"), "release", "differentiations")
    proposed = Objection.objects.filter(unit__authority=authority, state=Objection.State.PROPOSED)
    title = _("Decisions on objections awaiting your approver")
    yield from _listed(proposed, title, "objection", "objections", state=Objection.State.PROPOSED)


def of_operator() -> Iterator[Todo]:
    """What operators of the registrar prepared. Two queries."""
    prepared = Letter.objects.filter(state=Letter.State.PREPARED)
    yield from _listed(prepared, _("Issues awaiting your approver"), "letter", "letters", state=Letter.State.PREPARED)
    tables = TradeImport.objects.filter(state=TradeImport.State.PROPOSED)
    yield from _listed(tables, _("Tables of trades awaiting your approver"), "trade_import", "trades")


def of_analyst(computed: list[BalanceValue]) -> Iterator[Todo]:
    """Computed values that can be published."""
    if computed:
        page = url_of([value.pk for value in computed], "allocation:balance_value", "allocation:balance_values")
        yield Todo(_("Balance values awaiting your approver"), len(computed), page)


def _listed(rows: QuerySet[Any], title: str, one: str, many: str, **chosen: str) -> Iterator[Todo]:
    """The page of the only one, else the list of all."""
    if keys := list(rows.order_by("pk").values_list("pk", flat=True)):
        yield Todo(title, len(keys), url_of(keys, f"allocation:{one}", f"allocation:{many}", **chosen))
