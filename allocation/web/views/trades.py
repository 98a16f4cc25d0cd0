"""The exchange's trades: tables proposed by one person of the registrar, executed or refused by another."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import labels
from allocation.compliance import after_trades
from allocation.ledger import trades
from allocation.ledger.trades import TradeFaultsError
from allocation.ledger.trades.exchange_table import BY_CODE
from allocation.models import Trade, TradeImport, TradeRow
from allocation.web.consequences import accounts as consequences
from allocation.web.filters import TradeFilter
from allocation.web.forms.trades import FileForm, TradesForm
from allocation.web.tables.trades import KeptTable, TradeImportTable, TradeRowTable, TradeTable, UnitTotalTable
from allocation.web.views.pages import tell_coding
from registry import access, files
from registry.access import SignedInRequest
from registry.files import tables
from registry.law import clock
from registry.models import Job
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web.acting import act_on, may
from registry.web.acting import progress as progress_of
from registry.web.buttons import link, press, with_reason
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed, part_taken
from registry.web.paging import paged
from registry.web.reasons import reason_of

State = TradeImport.State
_IMPORTS = TradeImport.objects.select_related("proposed_by", "decided_by", "job")


@list_page(Act.VIEW_TRADES)
def trades_list(request: SignedInRequest) -> HttpResponseBase:
    """The tables that were proposed, and the trades that were executed."""
    imports = access.scoped(request.user, Act.VIEW_TRADES, _IMPORTS)
    executed = Trade.objects.select_related("seller__unit", "buyer__unit").order_by("-traded_on", "-pk")
    proposed = TradeImportTable(imports, prefix="imports-")
    if taken := part_taken(request, "trades", (), (_("Tables of trades"), proposed)):
        return taken
    context = {
        "imports": paged(request, proposed),
        "buttons": [
            link(_("Propose a table"), "allocation:trades_propose", tone="primary")
            if access.may(request.user, Act.PROPOSE_TRADES)
            else None
        ],
    }
    chosen = TradeFilter(request.GET, queryset=executed, request=request)
    return listed(
        request,
        TradeTable(chosen.qs),
        chosen,
        title=_("Executed trades"),
        template="allocation/trades.html",
        context=context,
    )


@access.page(Act.PROPOSE_TRADES)
def propose(request: SignedInRequest) -> HttpResponse:
    """Propose the exchange's record; every fault of a table that can't be taken is listed."""
    form = TradesForm(request.POST or None, request.FILES or None)
    faults: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["table"]
        try:
            data = table.read()
            imported = trades.propose(data, table.name or "", by=request.user, at=clock.now())
        except TradeFaultsError as error:
            faults = error.faults
        else:
            messages.success(request, _("Proposed. A second person of the registrar executes it."))
            tell_coding(request, data)
            if known := imported.rows.filter(known=True).count():
                messages.warning(request, _("%(count)s rows are already recorded and are skipped.") % {"count": known})
            return redirect("allocation:trade_import", pk=imported.pk)
    context = {"form": form, "faults": faults, "columns": tables.named(BY_CODE.values())}
    return render(request, "allocation/trades_propose.html", context, status=422 if faults else 200)


@list_page(Act.VIEW_TRADES)
def trade_import(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One table: what it is, what it comes to for each unit, its rows, and what is to be done."""
    found = _get(request, pk)
    died = found.state == State.EXECUTING and found.job and found.job.state in (Job.State.FAILED, Job.State.CANCELLED)
    rows = found.rows.select_related("seller__unit", "buyer__unit")
    outcomes = trades.outcomes(found)
    over = list(outcomes) if found.state == State.EXECUTED else []
    waits = found.state in TradeImport.OPEN
    by_unit = after_trades.kept(found, clock.today()) if waits else trades.totals(found, over)
    by_unit_table = KeptTable if waits else UnitTotalTable
    rows_table = TradeRowTable(rows, imported=found, outcomes=outcomes, prefix="rows-")
    totals = by_unit_table(by_unit, prefix="units-")
    parts = (_("Rows"), rows_table), (_("Unit by unit"), totals)
    if taken := part_taken(request, f"trades-{pk}", [found.name], *parts):
        return taken
    count, quantity = trades.moved(found)
    context = {
        "import": found,
        "trades": count,
        "quantity": quantity,
        "passed_over": rows.count() - count,
        "elsewhere": _elsewhere(found) if found.state == State.PROPOSED else [],
        "tone": labels.TRADE_IMPORT_TONES[State(found.state)],
        "died": died,
        "rows": paged(request, rows_table),
        "totals": paged(request, totals),
        "units": len(by_unit),
        **_decision(request, found, found.state == State.PROPOSED or bool(died)),
    }
    return render(request, "allocation/trade_import.html", context)


def _get(request: SignedInRequest, pk: int) -> TradeImport:
    return access.get(request.user, Act.VIEW_TRADES, _IMPORTS, pk=pk)


def _elsewhere(found: TradeImport) -> list[TradeImport]:
    """Other tables that wait and say a trade of this one: whichever is executed second passes it over."""
    references = found.rows.filter(known=False).order_by().values("reference")
    same = TradeRow.objects.filter(reference__in=references, known=False, imported__state__in=TradeImport.OPEN)
    return list(TradeImport.objects.filter(pk__in=same.exclude(imported=found).order_by().values("imported")))


def _decision(request: SignedInRequest, found: TradeImport, awaits: bool) -> dict[str, Any]:
    """The forms of whoever may decide; why the others wait."""
    pk, own = found.pk, request.user.pk == found.proposed_by_id
    whole = link(_("The file as uploaded"), "allocation:trade_import_file", pk)
    if awaits and not own and may(request.user, Act.EXECUTE_TRADES, found):
        refusal = _("Refuse the table"), _("Refuse"), "allocation:trade_import_refuse"
        execute = _("Execute the trades"), "allocation:trade_import_execute"
        shown = {"sha256": found.sha256}
        return {
            "file": FileForm(initial=shown),
            "awaits": awaits,
            "buttons": [whole, press(*execute, pk, **shown)],
            "asked": [with_reason(request, *refusal, pk, **shown)],
        }
    takes_back = own and found.state == State.PROPOSED and may(request.user, Act.PROPOSE_TRADES, found)
    withdrawal = _("Withdraw the table"), _("Withdraw"), "allocation:trade_import_withdraw"
    return {
        "own": own and awaits,
        "awaits": awaits,
        "buttons": [whole],
        "asked": [with_reason(request, *withdrawal, pk)] if takes_back else [],
    }


@access.page(Act.VIEW_TRADES)
@require_GET
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The table as it was uploaded."""
    found = _get(request, pk)
    return attachment(files.read(found.sha256), found.name)


@access.page(Act.VIEW_TRADES)
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that the page polls."""
    return progress_of(request, _get(request, pk).job, _("Executing the trades"))


@act_on(Act.EXECUTE_TRADES, _IMPORTS, to="allocation:trade_import", asks=consequences.EXECUTION)
def execute(request: SignedInRequest, found: TradeImport) -> str:
    """Have the table executed that the page showed."""
    trades.execute(found, sha256=_shown(request), by=request.user, at=clock.now())
    return _("The trades are being executed: all of them, or none.")


@act_on(Act.EXECUTE_TRADES, _IMPORTS, to="allocation:trade_import")
def refuse(request: SignedInRequest, found: TradeImport) -> str:
    """Refuse the table that the page showed, with the reason."""
    trades.refuse(found, sha256=_shown(request), reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused. The operator sees the reason.")


@act_on(Act.PROPOSE_TRADES, _IMPORTS, to="allocation:trade_import")
def withdraw(request: SignedInRequest, found: TradeImport) -> str:
    """Take back a table that one has proposed."""
    trades.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Withdrawn.")


def _shown(request: SignedInRequest) -> str:
    """The hash of the file that the page showed."""
    form = FileForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("The page did not identify the version shown; open the table again."))
    return str(form.cleaned_data["sha256"])
