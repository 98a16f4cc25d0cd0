"""Trades: the exchange's record comes in as a table, and quota moves between units' accounts."""

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import accounts, ledger
from allocation.ledger import Posting
from allocation.models import Account, Holding, Trade, Transaction
from registry import journal
from registry.calendar import end_of, local_day
from registry.models import Person, Unit
from registry.refusal import Refusal

__all__ = ["COLUMNS", "TradeFaultsError", "import_trades"]

COLUMNS = ("reference", "traded_on", "seller", "buyer", "vintage", "quantity")
_WHOLE = re.compile(r"[1-9][0-9]{0,14}")
_YEAR = re.compile(r"20[0-9]{2}")


class TradeFaultsError(Refusal):
    """A table that can't be taken: `faults` holds (line of the file, what is wrong), all of them; nothing was stored."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        shown = "; ".join(_("line %(line)s: %(fault)s") % {"line": line, "fault": fault} for line, fault in faults[:20])
        super().__init__(_("Nothing was imported. %(faults)s") % {"faults": shown})
        self.faults = faults


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the exchange's record, as written; `line` is its line in the file."""

    line: int
    reference: str
    traded_on: dt.date
    seller: Account
    buyer: Account
    vintage: int
    quantity: int


@transaction.atomic
def import_trades(table: bytes, *, by: Person, at: dt.datetime) -> list[Trade]:
    """Take the exchange's record (CSV with the columns COLUMNS, units by credit code); the trades that are new.

    A reference that is known with the same content is passed over, with other content it is a fault. Raises TradeFaultsError.
    """
    records = _read(table)
    codes = {record[side] for _line, record in records for side in ("seller", "buyer")}
    units = list(Unit.objects.filter(credit_code__in=codes)) if codes else []
    by_unit = accounts.of_units(units, at)
    owners = {unit.credit_code: by_unit[unit.pk] for unit in units}
    faults: list[tuple[int, str]] = []
    rows = [row for line, record in records if (row := _row(line, record, owners, local_day(at), faults))]
    fresh = _not_known(rows, faults)
    _refuse_short(fresh, faults)
    if faults:
        raise TradeFaultsError(sorted(faults))
    made = [_book(row, by) for row in sorted(fresh, key=lambda row: (row.traded_on, row.line))]
    if made:
        quantity = sum(trade.quantity for trade in made)
        journal.record("trades.imported", made[-1], by=by, at=at, trades=len(made), quantity=quantity)
    return made


def _read(table: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TradeFaultsError([(1, _("the file is not UTF-8 text"))]) from error
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if tuple(reader.fieldnames or ()) != COLUMNS:
            expected = ",".join(COLUMNS)
            raise TradeFaultsError([(1, _("the first line must be %(columns)s") % {"columns": expected})])
        return [
            (reader.line_num, {key: (value or "").strip() for key, value in record.items() if key})
            for record in reader
            if any(record.values())
        ]
    except csv.Error as error:
        raise TradeFaultsError([(reader.line_num, str(error))]) from error


def _row(
    line: int,
    record: dict[str, str],
    owners: dict[str, Account],
    today: dt.date,
    faults: list[tuple[int, str]],
) -> _Row | None:
    found = list(_faults(record, owners, today))
    faults.extend((line, fault) for fault in found)
    if found:
        return None
    return _Row(
        line,
        record["reference"],
        dt.date.fromisoformat(record["traded_on"]),
        owners[record["seller"]],
        owners[record["buyer"]],
        int(record["vintage"]),
        int(record["quantity"]),
    )


def _faults(record: dict[str, str], owners: dict[str, Account], today: dt.date) -> list[str]:
    wrong = []
    if not record.get("reference") or len(record["reference"]) > 60:
        wrong.append(_("the reference is missing or too long"))
    try:
        if dt.date.fromisoformat(record.get("traded_on", "")) > today:
            wrong.append(_("the day of the trade lies ahead"))
    except ValueError:
        wrong.append(_("“%(text)s” is not a day (YYYY-MM-DD)") % {"text": record.get("traded_on", "")})
    wrong.extend(
        _("no unit has the credit code “%(code)s”") % {"code": record.get(side, "")}
        for side in ("seller", "buyer")
        if record.get(side, "") not in owners
    )
    if record.get("seller") == record.get("buyer"):
        wrong.append(_("seller and buyer are the same"))
    if not _YEAR.fullmatch(record.get("vintage", "")):
        wrong.append(_("“%(text)s” is not a vintage") % {"text": record.get("vintage", "")})
    if not _WHOLE.fullmatch(record.get("quantity", "")):
        wrong.append(_("“%(text)s” is not a whole number of tonnes") % {"text": record.get("quantity", "")})
    return wrong


def _not_known(rows: list[_Row], faults: list[tuple[int, str]]) -> list[_Row]:
    """The rows whose reference is new; a reference met again must say the same."""
    known: dict[str, tuple[object, ...]] = {
        trade.reference: (trade.traded_on, trade.seller_id, trade.buyer_id, trade.vintage, trade.quantity)
        for trade in Trade.objects.filter(reference__in=[row.reference for row in rows])
    }
    fresh = []
    for row in rows:
        content = (row.traded_on, row.seller.pk, row.buyer.pk, row.vintage, row.quantity)
        if row.reference not in known:
            known[row.reference] = content
            fresh.append(row)
        elif known[row.reference] != content:
            faults.append(
                (row.line, _("reference %(reference)s is known with other content") % {"reference": row.reference})
            )
    return fresh


def _refuse_short(rows: list[_Row], faults: list[tuple[int, str]]) -> None:
    """Play the trades in their order against what the accounts hold, so that every shortfall is told at once."""
    pks = {account.pk for row in rows for account in (row.seller, row.buyer)}
    free = {(row.account_id, row.vintage): row.free for row in Holding.objects.filter(account__in=pks)}
    for row in sorted(rows, key=lambda row: (row.traded_on, row.line)):
        place = (row.seller.pk, row.vintage)
        if row.seller.frozen:
            faults.append((row.line, _("the account of %(owner)s is frozen") % {"owner": row.seller}))
        elif free.get(place, 0) < row.quantity:
            message = _("%(owner)s does not hold so much of vintage %(vintage)s")
            faults.append((row.line, message % {"owner": row.seller, "vintage": row.vintage}))
        free[place] = free.get(place, 0) - row.quantity
        bought = (row.buyer.pk, row.vintage)
        free[bought] = free.get(bought, 0) + row.quantity


def _book(row: _Row, by: Person) -> Trade:
    posted = ledger.post(
        Transaction.Kind.TRADE,
        f"trade:{row.reference}",
        [Posting(row.seller, row.vintage, -row.quantity), Posting(row.buyer, row.vintage, row.quantity)],
        at=end_of(row.traded_on),
        by=by,
    )
    return Trade.objects.create(
        reference=row.reference,
        traded_on=row.traded_on,
        seller=row.seller,
        buyer=row.buyer,
        vintage=row.vintage,
        quantity=row.quantity,
        transaction=posted,
    )
