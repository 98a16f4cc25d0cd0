"""Lists of trades: the imports, one import's rows, and what it comes to for each unit."""

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.ledger import trades
from allocation.models import Trade, TradeImport, TradeRow
from allocation.web.tables.accounts import VintageColumn
from registry.templatetags.components import badge
from registry.values import figures
from registry.web.columns import (
    TIGHT,
    WRAP,
    ChangeColumn,
    Column,
    DayColumn,
    PageColumn,
    StateColumn,
    TonnesColumn,
    UnitColumn,
)


class TradeTable(tables.Table):
    reference = Column(verbose_name=_("Reference"))
    traded_on = DayColumn(verbose_name=_("Day"))
    seller = Column(verbose_name=_("Seller"), order_by=("seller__unit__pinyin", "seller__unit__name"))
    buyer = Column(verbose_name=_("Buyer"), order_by=("buyer__unit__pinyin", "buyer__unit__name"))
    vintage = VintageColumn(verbose_name=_("Vintage"))
    quantity = TonnesColumn(summed=True, verbose_name=_("Tonnes"))

    class Meta:
        model = Trade
        fields = ("reference", "traded_on", "seller", "buyer", "vintage", "quantity")
        empty_text = _("No trade has been executed yet.")


class TradeImportTable(tables.Table):
    name = PageColumn("allocation:trade_import")
    state = StateColumn(labels.TRADE_IMPORT_TONES)
    trades = TonnesColumn()
    quantity = TonnesColumn()
    proposed_by = Column(orderable=False)
    proposed_at = DayColumn()
    decided_by = Column(orderable=False)

    class Meta:
        model = TradeImport
        fields = ("name", "state", "trades", "quantity", "proposed_by", "proposed_at", "decided_by")
        order_by = ("-proposed_at", "-pk")
        empty_text = _("No table has been proposed yet.")

    def render_trades(self, record: TradeImport) -> str:
        return figures.tonnes(self.value_trades(record))

    def render_quantity(self, record: TradeImport) -> str:
        return figures.tonnes(self.value_quantity(record))

    def value_trades(self, record: TradeImport) -> int:
        return trades.moved(record)[0]

    def value_quantity(self, record: TradeImport) -> int:
        return trades.moved(record)[1]


class TradeRowTable(tables.Table):
    """An import's rows; `outcomes` by line, as `trades.outcomes` gives them."""

    line = Column(attrs=TIGHT)
    reference = Column()
    traded_on = DayColumn()
    seller = Column()
    buyer = Column()
    vintage = VintageColumn()
    quantity = TonnesColumn()
    outcome = Column(verbose_name=_("Outcome"), empty_values=(), orderable=False, attrs=WRAP)

    class Meta:
        model = TradeRow
        fields = ("line", "reference", "traded_on", "seller", "buyer", "vintage", "quantity", "outcome")
        order_by = ("line",)
        orderable = False
        attrs = {"label": _("Rows")}

    def __init__(self, *args: Any, imported: TradeImport, outcomes: dict[int, str], **kwargs: Any) -> None:
        self._executed, self._outcomes = imported.state == TradeImport.State.EXECUTED, outcomes
        faulty = {line for line, _fault in imported.faults}
        marked = {"class": lambda record: "tone-danger" if record.line in faulty else ""}
        super().__init__(*args, row_attrs=marked, **kwargs)

    def render_outcome(self, record: TradeRow) -> SafeString | str:
        if record.line in self._outcomes:
            return self._outcomes[record.line]
        return badge(_("executed"), "ok") if self._executed else "—"


class UnitTotalTable(tables.Table):
    unit = UnitColumn(of="account__unit", verbose_name=_("Unit"), accessor="account")
    sold = TonnesColumn(verbose_name=_("Sells (t)"))
    bought = TonnesColumn(verbose_name=_("Buys (t)"))
    net = ChangeColumn(verbose_name=_("In (+) or out (−)"))

    class Meta:
        orderable = False
        attrs = {"label": _("Unit by unit")}


class KeptTable(UnitTotalTable):
    """Before the trades are booked: what each party then has free, beside what it still has to surrender."""

    unit = UnitColumn(of="total__account__unit", verbose_name=_("Unit"), accessor="total__account")
    sold = TonnesColumn(verbose_name=_("Sells (t)"), accessor="total__sold")
    bought = TonnesColumn(verbose_name=_("Buys (t)"), accessor="total__bought")
    net = ChangeColumn(verbose_name=_("In (+) or out (−)"), accessor="total__net")
    left = TonnesColumn(verbose_name=_("Available afterwards (t)"))
    owed = TonnesColumn(verbose_name=_("Still to be requested for surrender (t)"))
    lacking = TonnesColumn(verbose_name=_("Shortfall afterwards (t)"))

    class Meta(UnitTotalTable.Meta):
        pass

    def render_lacking(self, value: int) -> SafeString | str:
        return badge(figures.tonnes(value), "danger") if value else figures.tonnes(value)

    def value_lacking(self, value: int) -> int:
        return value
