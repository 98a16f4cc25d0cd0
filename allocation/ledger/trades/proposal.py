"""Proposing a table of trades: every fault at once; else the table is kept whole, with its rows, for a second person."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from allocation.ledger import accounts
from allocation.ledger import posting as ledger
from allocation.ledger.posting import Movement, Posting
from allocation.ledger.trades.exchange_table import Fault, Record, fault_of, parties_of, read, table_of
from allocation.models import Account, Trade, TradeImport, TradeRow, Transaction
from registry import files, journal
from registry.access import acting
from registry.database import locking
from registry.files.tables import UnreadableTableError
from registry.law.calendar import end_of, local_day
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import said_apart
from registry.values.canonical import sha256

__all__ = ["TradeFaultsError", "contradictions", "movements", "propose"]


class TradeFaultsError(Refusal):
    """A table that can't be taken: `faults` holds (line of the file, what is wrong), all of them; nothing was stored."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        shown = [_("line %(line)s: %(fault)s") % {"line": line, "fault": fault} for line, fault in self.faults[:20]]
        super().__init__(_("Nothing was saved. %(faults)s") % {"faults": said_apart(shown)})


@acting(Act.PROPOSE_TRADES)
@transaction.atomic
def propose(table: bytes, name: str, *, by: Person, at: dt.datetime) -> TradeImport:
    """Put the exchange's record (CSV or XLSX with the columns COLUMNS, units by credit code) before a second person.

    A reference that is known with the same content is passed over, with other content it is a fault. Raises TradeFaultsError, and
    Refusal where nothing in the table is new or the very file is proposed already.
    """
    try:
        written = table_of(table)
    except UnreadableTableError as error:
        raise TradeFaultsError([fault_of(error)]) from error
    owners = _owners({code for line in written.lines for code in parties_of(line)}, at)
    records, faults = read(written, local_day(at), owners)
    # In the order in which they count: what is bought first can be sold.
    rows = [_row(record, owners) for record in sorted(records, key=lambda record: (record.traded_on, record.line))]
    faults += contradictions(rows)
    fresh = [row for row in rows if not row.known]
    faults += [(fresh[place].line, why) for place, why in ledger.obstacles(movements(fresh))]
    if faults:
        raise TradeFaultsError(faults)
    if not fresh:
        raise Refusal(_("All trades in this table are already recorded: nothing to do."))
    imported = _store(table, name, rows, by, at)
    journal.record(
        "trades.proposed",
        imported,
        by=by,
        at=at,
        file=imported.sha256,
        trades=imported.trades,
        quantity=imported.quantity,
    )
    return imported


def contradictions(rows: list[TradeRow]) -> list[Fault]:
    """Mark the rows whose reference is known with the same content; those where it is known with another."""
    references = {row.reference for row in rows}
    known: dict[str, tuple[object, ...]] = {
        trade.reference: (trade.traded_on, trade.seller_id, trade.buyer_id, trade.vintage, trade.quantity)
        for trade in Trade.objects.filter(reference__in=references)
    }
    faults = []
    for row in rows:
        row.known = row.reference in known
        if known.setdefault(row.reference, row.content) != row.content:
            message = _("reference %(reference)s is already recorded with different content")
            faults.append((row.line, message % {"reference": row.reference}))
    return faults


def movements(rows: Iterable[TradeRow], posted_at: dt.datetime | None = None) -> list[Movement]:
    """What the rows do to the accounts. A trade counts from the end of its day, and its key makes sure that it counts once."""
    return [
        Movement(
            Transaction.Kind.TRADE,
            f"trade:{row.reference}",
            end_of(row.traded_on),
            (Posting(row.seller, row.vintage, -row.quantity), Posting(row.buyer, row.vintage, row.quantity)),
            note=row.reference,
            posted_at=posted_at,
        )
        for row in rows
    ]


def _row(record: Record, owners: dict[str, Account]) -> TradeRow:
    return TradeRow(
        line=record.line,
        reference=record.reference,
        traded_on=record.traded_on,
        seller=owners[record.seller],
        buyer=owners[record.buyer],
        vintage=record.vintage,
        quantity=record.quantity,
    )


def _owners(codes: set[str], at: dt.datetime) -> dict[str, Account]:
    """The units' accounts by credit code."""
    units = list(Unit.objects.filter(credit_code__in=codes)) if codes else []
    by_unit = accounts.of_units(units, at)
    return {unit.credit_code: by_unit[unit.pk] for unit in units}


def _store(table: bytes, name: str, rows: list[TradeRow], by: Person, at: dt.datetime) -> TradeImport:
    fresh = [row for row in rows if not row.known]
    with locking.only_once(_("This file has already been proposed and awaits a second person.")):
        imported = TradeImport.objects.create(
            name=name[-200:],
            sha256=sha256(table),
            trades=len(fresh),
            quantity=sum(row.quantity for row in fresh),
            proposed_by=by,
            proposed_at=at,
        )
    files.keep(table)
    for row in rows:
        row.imported = imported
    TradeRow.objects.bulk_create(rows, batch_size=1000)
    return imported
