"""Accounts: list, one with its holdings and entries, a transaction, freezing."""

from django.db.models import BigIntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from allocation import queries
from allocation.ledger import accounts
from allocation.models import Account, Entry, Holding, Trade, Transaction
from allocation.web.consequences import accounts as consequences
from allocation.web.filters import AccountFilter, EntryFilter
from allocation.web.tables.accounts import AccountTable, EntryTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.web.acting import act_on, may
from registry.web.as_of import as_of, redirect_kept
from registry.web.buttons import begin
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_form, reason_of


def _over_vintages(column: str) -> Coalesce:
    """Asked for the accounts that are shown, not for all that there are before them."""
    held = Holding.objects.filter(account=OuterRef("pk")).order_by().values("account").annotate(sum=Sum(column))
    return Coalesce(Subquery(held.values("sum"), output_field=BigIntegerField()), 0)


@list_page(Act.VIEW_ACCOUNT)
def accounts_list(request: SignedInRequest) -> HttpResponseBase:
    """The accounts within the person's reach with what they hold over all vintages."""
    rows = Account.objects.select_related("unit", "authority", "held_for").annotate(
        held=_over_vintages("amount"), reserved=_over_vintages("reserved")
    )
    chosen = AccountFilter(request.GET, queryset=access.scoped(request.user, Act.VIEW_ACCOUNT, rows), request=request)
    return listed(
        request,
        AccountTable(chosen.qs),
        chosen,
        title=_("Accounts"),
        lead=_("Holdings by account. One quota is one tonne; every transaction is recorded by double entry."),
        context={
            "buttons": [
                begin(request.user, Act.VIEW_TRADES, _("Trades"), "allocation:trades", tone="outline-secondary")
            ]
        },
    )


@access.page(Act.VIEW_ACCOUNT)
def own_account(request: SignedInRequest) -> HttpResponse:
    """A unit's people go to their account; everybody else to the list."""
    if request.user.unit is None:
        return redirect_kept(request, "allocation:accounts")
    return redirect_kept(request, "allocation:account", pk=accounts.of_unit(request.user.unit, clock.now()).pk)


@list_page(Act.VIEW_ACCOUNT)
def account(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One account: holdings by vintage on the day asked about, and every entry with the balance after it."""
    rows = Account.objects.select_related("unit", "authority", "held_for")
    found = access.get(request.user, Act.VIEW_ACCOUNT, rows, pk=pk)
    day, today = as_of(request), clock.today()
    held = queries.holdings(found, day, today)
    may_freeze = found.kind in Account.FREEZABLE and may(request.user, Act.FREEZE_ACCOUNT, found)
    context = {
        "account": found,
        "as_of": day,
        "holdings": held,
        "total": sum(row.amount for row in held),
        "reserved": sum(row.reserved or 0 for row in held) if day == today else None,
        "freeze": reason_form(request, found.pk, "allocation:account_freeze") if may_freeze else None,
    }
    entries = queries.entries(found, None if day == today else day)
    chosen = EntryFilter(request.GET, queryset=entries, request=request)
    return listed(
        request,
        EntryTable(chosen.qs),
        chosen,
        title=_("Account statement"),
        template="allocation/account.html",
        said=[found],
        as_of=day,
        context=context,
    )


@act_on(Act.FREEZE_ACCOUNT, Account, to="allocation:account", asks=consequences.FREEZING)
def freeze(request: SignedInRequest, found: Account) -> str:
    """Freeze the account, or unfreeze it if it is frozen."""
    act = accounts.unfreeze if request.POST.get("act") == "unfreeze" else accounts.freeze
    act(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Done and recorded.")


@access.page(Act.VIEW_ACCOUNT)
def transaction(request: SignedInRequest, pk: int) -> HttpResponse:
    """One transaction; of its entries a person sees those of the accounts within their reach."""
    found = Transaction.objects.select_related("by", "letter", "request").filter(pk=pk).first()
    entries = (
        Entry.objects.filter(transaction=pk)
        .select_related("account__unit", "account__authority", "account__held_for")
        .order_by("pk")
    )
    visible = access.scoped(request.user, Act.VIEW_ACCOUNT, entries)
    if found is None or not visible.exists():
        raise Http404
    letter = found.letter if found.letter and may(request.user, Act.VIEW_LETTER, found.letter) else None
    context = {
        "transaction": found,
        "letter": letter,
        "trade": Trade.objects.filter(transaction=found).first(),
        "entries": visible[:500],
        "hidden": entries.count() - visible.count(),
    }
    return render(request, "allocation/transaction.html", context)
